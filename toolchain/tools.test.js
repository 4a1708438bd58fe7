import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Unavailable } from "./errors.js";
import { allOnPath, findTool } from "./tools.js";

/** @type {string} */
let folder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "updraft-tools-"));
  for (const name of ["a", "b", "c"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "a", "node"), "not executable");
  await writeFile(join(folder, "b", "node"), "");
  await chmod(join(folder, "b", "node"), 0o755);
  await symlink(join(folder, "b", "node"), join(folder, "c", "node"));
});

afterEach(() => rm(folder, { recursive: true }));

describe("allOnPath", () => {
  it("finds what can be executed, each file once", () => {
    const path = ["a", "", "b", "c", "missing"].map((name) => name && join(folder, name)).join(":");
    expect(allOnPath("node", path)).toEqual([join(folder, "b", "node")]);
  });
});

describe("findTool", () => {
  it("names what to install where a tool is missing", () => {
    expect(() => findTool("go", { PATH: folder })).toThrow(
      new Unavailable(
        "go is not on PATH; install Go 1.21 or newer (Debian and Ubuntu: golang-go; https://go.dev/dl)",
      ),
    );
  });
});
