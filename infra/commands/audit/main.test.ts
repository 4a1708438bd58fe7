import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const main = join(import.meta.dirname, "main.ts");
const advisory = {
  id: 1,
  url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
  title: "a bad thing",
  severity: "high",
  vulnerable_versions: "*",
  cwe: [],
  cvss: { score: 0, vectorString: null },
};

/** A registry with advisories; without any it has no endpoint for them, as some mirrors. */
function registry(advisories: Record<string, unknown[]> | undefined): Server {
  return createServer((request, response) => {
    const isAudit = request.url === "/-/npm/v1/security/advisories/bulk";
    request.resume();
    if (!isAudit || advisories === undefined) return void response.writeHead(405).end();
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(advisories));
  });
}

// npm itself is asked, and takes a second or two.
describe("npm run audit", { timeout: 120_000 }, () => {
  let folder: string;
  let server: Server | undefined;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "updraft-audit-"))));
  afterEach(async () => {
    server?.close();
    await rm(folder, { recursive: true });
  });

  async function audit(advisories: Record<string, unknown[]> | undefined, ...args: string[]) {
    const listening = registry(advisories);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    const address = listening.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const env = {
      ...process.env,
      npm_config_registry: `http://127.0.0.1:${port}/`,
      npm_config_cache: join(folder, "cache"),
      npm_config_fetch_retries: "0",
    };
    return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    });
  }

  it("ends with 0 where nothing is known", async () => {
    expect(await audit({})).toEqual({
      code: 0,
      stdout: "✅ **npm packages**: nothing to refuse at high or above.\n",
      stderr: "",
    });
  });

  it("refuses a package that runs here, and says which", async () => {
    const { code, stdout } = await audit({ express: [advisory] }, "--unfixed");
    expect(stdout).toContain("❌ **npm packages**: 1 vulnerability at high or above.");
    expect(stdout).toContain("| high | GHSA-aaaa-bbbb-cccc | express * |");
    expect(code).toBe(1);
  });

  it("accepts what the list of exceptions names", async () => {
    const file = join(folder, "exceptions.json");
    const known = { id: "GHSA-aaaa-bbbb-cccc", package: "express", until: "9999-12-31" };
    await writeFile(file, JSON.stringify([{ ...known, reason: "only for this test" }]));
    const { code, stdout } = await audit(
      { express: [advisory] },
      "--unfixed",
      "--exceptions",
      file,
    );
    expect(stdout).toContain(
      "- accepted until 9999-12-31: GHSA-aaaa-bbbb-cccc of express: only for",
    );
    expect(code).toBe(0);
  });

  it("ends with 3 where the registry cannot be asked", async () => {
    const { code, stdout, stderr } = await audit(undefined);
    expect(stderr).toMatch(
      /^the registry cannot be asked for vulnerabilities: 405 .*\nA mirror may lack the audit endpoint/,
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  });

  it("says what is wrong with an exception", async () => {
    const file = join(folder, "exceptions.json");
    await writeFile(file, '[{ "id": "1", "package": "x", "reason": "because it is so" }]');
    const { code, stderr } = await audit({}, "--exceptions", file);
    expect(stderr).toMatch(/expected GHSA-… or CVE-…[^]*until/);
    expect(code).toBe(1);
  });
});
