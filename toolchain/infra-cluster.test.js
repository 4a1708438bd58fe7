import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clusterPackages, clusterPackagesFolder } from "./infra-cluster.js";
import { pins } from "./pins.js";

const repository = join(dirname(fileURLToPath(import.meta.url)), "..");

/** @type {string} */
let folder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "updraft-infra-cluster-"));
  const program = join(folder, "infra", "cluster");
  await mkdir(program, { recursive: true });
  // A package that needs no other and no registry.
  await writeFile(join(program, ".npmrc"), "offline=true\n");
  await writeFile(join(program, "package.json"), JSON.stringify({ name: "none" }));
  const lock = { name: "none", lockfileVersion: 3, packages: { "": { name: "none" } } };
  await writeFile(join(program, "package-lock.json"), JSON.stringify(lock));
});

afterEach(() => rm(folder, { recursive: true }));

function context() {
  const place = { repository: folder, cache: join(folder, "cache"), platform: "linux-x64" };
  return { ...place, env: process.env, pins };
}

describe("the clouds' SDKs", () => {
  it("are installed apart from the programs, as the lock of infra/cluster names them", async () => {
    await clusterPackages(context(), { quiet: true });
    const installed = clusterPackagesFolder(context());
    expect(installed).toBe(join(folder, ".updraft", "cluster-packages"));
    const lock = await readFile(join(installed, "package-lock.json"), "utf8");
    expect(lock).toBe(await readFile(join(folder, "infra/cluster/package-lock.json"), "utf8"));
  });

  it("are asked for where the types of infra/cluster are checked without them", async () => {
    const script = join(folder, "infra", "cluster", "check-types.js");
    await cp(join(repository, "infra/cluster/check-types.js"), script);
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    await expect(promisify(execFile)(process.execPath, [script])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        "Run npm run infra:cluster, which installs them, or npm test.",
      ),
    });
  });
});
