import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { programVersion } from "./program-version.js";

/** @type {string} */
let folder;
/** @type {string} */
let file;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "updraft-version-"));
  file = join(folder, "tool");
});

afterEach(() => rm(folder, { recursive: true }));

/** @param {string} version */
async function install(version) {
  await writeFile(file, `#!/bin/sh\necho asked >> "${folder}/asked"\necho ${version}\n`);
  await chmod(file, 0o755);
}

const asked = async () => (await readFile(join(folder, "asked"), "utf8")).trim().split("\n").length;

describe("programVersion", () => {
  it("asks a program once, and again when it has changed", async () => {
    await install("v3.256.0");
    expect(await programVersion(folder, file, ["version"])).toBe("v3.256.0");
    expect(await programVersion(folder, file, ["version"])).toBe("v3.256.0");
    expect(await asked()).toBe(1);
    await install("v3.257.0-rc");
    expect(await programVersion(folder, file, ["version"])).toBe("v3.257.0-rc");
    expect(await asked()).toBe(2);
  });

  it("asks anew if what it remembers is damaged", async () => {
    await install("v1.0.0");
    await writeFile(join(folder, "versions.json"), "{");
    expect(await programVersion(folder, file, [])).toBe("v1.0.0");
  });
});
