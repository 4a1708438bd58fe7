import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type StackUnderTest, stackOfState } from "../images/stack-under-test.ts";

const main = join(import.meta.dirname, "main.ts");
const ref = `registry.example.com/team/server@sha256:${"a".repeat(64)}`;
const fix = { versions: ["3.0.18"], state: "fixed" };
const vulnerability = { id: "CVE-2026-1", severity: "High", description: "a bad thing", fix };
const matches = [{ vulnerability, artifact: { name: "libssl3", version: "3.0.17" } }];

describe("npm run scan", { timeout: 120_000 }, () => {
  let folder: string;
  let stack: StackUnderTest;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "updraft-scan-"));
    stack = await stackOfState("e2e-scanned", [
      { type: "updraft:platform:Images", outputs: { server: ref } },
    ]);
  }, 120_000);
  afterAll(async () => {
    await stack.remove();
    await rm(folder, { recursive: true });
  });

  function scan(variables: Record<string, string>, ...args: string[]) {
    const env = { ...stack.env, ...variables };
    const command = [main, stack.name, ...args];
    const options = { env, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
    return { status, stdout, stderr };
  }

  /** A database of vulnerabilities comes from the network: this stands in for the program. */
  async function standIn(script: string): Promise<string> {
    const file = join(folder, "grype");
    await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  }

  it("ends with 1 over what is serious, and names it", async () => {
    const report = JSON.stringify({ matches });
    const SCANNER = await standIn(`[ "$1" = "registry:${ref}" ] && echo '${report}'`);
    const { status, stdout } = scan({ SCANNER });
    expect(stdout).toContain("❌ **server**: 1 vulnerability at high or above.");
    expect(stdout).toContain(
      "| high | CVE-2026-1 | libssl3 3.0.17 | 3.0.18 | server | a bad thing |",
    );
    expect(status).toBe(1);
  });

  it("ends with 0 where nothing reaches the level", async () => {
    const SCANNER = await standIn(`echo '${JSON.stringify({ matches })}'`);
    expect(scan({ SCANNER }, "--level", "critical")).toMatchObject({
      status: 0,
      stdout:
        "✅ **server**: nothing to refuse at critical or above.\n\n- 1 vulnerability below critical\n\n",
    });
  });

  it("passes on why an image could not be looked into", async () => {
    const SCANNER = await standIn("echo 'unauthorized' >&2; exit 1");
    expect(scan({ SCANNER })).toEqual({
      status: 1,
      stdout: "",
      stderr: `${SCANNER} cannot look into ${ref}:\nunauthorized\n`,
    });
  });

  it("ends with 3 where there is no scanner, and says what to install", () => {
    const pulumi = process.env["PATH"]?.split(":").find((part) => part.includes("pulumi")) ?? "";
    const { status, stderr } = scan({ PATH: pulumi, SCANNER: "" });
    expect(stderr).toMatch(
      /^grype or trivy is not on PATH, and SCANNER names none. Install Grype /,
    );
    expect(status).toBe(3);
  });
});
