import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const main = join(import.meta.dirname, "main.ts");

function kubeconfig(variables: Record<string, string>) {
  const env = { PATH: process.env["PATH"], ...variables };
  const { status, stdout } = spawnSync(process.execPath, [main], { env, encoding: "utf8" });
  return { status, stdout };
}

describe("npm run kubeconfig", () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "updraft-kubeconfig-"))));
  afterEach(() => rm(folder, { recursive: true }));

  it("writes a file that only this user reads, and names it to the steps after", async () => {
    const runner = { RUNNER_TEMP: folder, GITHUB_ENV: join(folder, "env") };
    const file = join(folder, "kubeconfig");
    expect(kubeconfig({ ...runner, KUBECONFIG_CONTENT: "apiVersion: v1\n" })).toEqual({
      status: 0,
      stdout: `KUBECONFIG is ${file}\n`,
    });
    expect(await readFile(file, "utf8")).toBe("apiVersion: v1\n");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(runner.GITHUB_ENV, "utf8")).toBe(`KUBECONFIG=${file}\n`);
  });

  it("does nothing without a content, and nothing outside of a runner", () => {
    expect(kubeconfig({ RUNNER_TEMP: folder, KUBECONFIG_CONTENT: "" }).status).toBe(0);
    expect(kubeconfig({ KUBECONFIG_CONTENT: "x" }).status).toBe(1);
  });
});
