import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const main = join(import.meta.dirname, "main.ts");

describe("npm run report", () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "updraft-report-"))));
  afterEach(() => rm(folder, { recursive: true }));

  function report(...args: string[]) {
    const env = { ...process.env, GITHUB_STEP_SUMMARY: join(folder, "summary.md") };
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
      env,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  }

  it("keeps what a command prints, shows it in the summary, and prints it too", async () => {
    const file = join(folder, "ci", "plan.md");
    const { status, stdout } = report(file, "trainer", "plan");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\{[^]*"codeDigest"[^]*\}\n$/);
    expect(await readFile(file, "utf8")).toBe(stdout);
    expect(await readFile(join(folder, "summary.md"), "utf8")).toBe(`${stdout}\n`);
  });

  it("ends as the command ends, and leaves what it said of the failure to the log", async () => {
    const file = join(folder, "usage.md");
    const { status, stderr } = report(file, "rollback", "x", "--reason");
    expect(status).toBe(2);
    expect(stderr).toContain("Usage: npm run rollback");
    expect(await readFile(file, "utf8")).toBe(
      "> [!CAUTION]\n> `npm run rollback x --reason` ended with exit code 2; its log says why.\n",
    );
  });

  it("says what it needs", () => {
    expect(report("only-a-file.md")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("Usage: npm run report"),
    });
  });
});
