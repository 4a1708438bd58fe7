import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { installedAsLocked, lockedAsAsked, npmCommand } from "./npm-packages.js";

const a = { version: "1.0.0", integrity: "sha512-a" };
const link = { resolved: "contracts", link: true };

/** @param {Record<string, object>} packages */
const lockFile = (packages) => ({ packages: { "": {}, ...packages } });

describe("installedAsLocked", () => {
  const lock = lockFile({
    contracts: { version: "0.1.0" },
    "node_modules/a": a,
    "node_modules/@updraft/contracts": link,
    "node_modules/other-platform": { ...a, optional: true },
  });
  const installed = {
    packages: {
      contracts: { version: "0.1.0" },
      "node_modules/a": a,
      "node_modules/@updraft/contracts": link,
    },
  };

  it("accepts what npm installs from the lock file on this platform", () => {
    expect(installedAsLocked(lock, installed)).toBe(true);
  });

  it.each([
    ["a missing package", { "node_modules/a": undefined }],
    ["another version", { "node_modules/a": { ...a, version: "1.0.1" } }],
    ["other bytes", { "node_modules/a": { ...a, integrity: "sha512-b" } }],
    ["a copy in place of a link", { "node_modules/@updraft/contracts": a }],
    ["a package too many", { "node_modules/b": a }],
    ["an optional package of another version", { "node_modules/other-platform": { version: "2" } }],
  ])("refuses %s", (_title, change) => {
    /** @type {Record<string, object | undefined>} */
    const packages = { ...installed.packages, ...change };
    const record = JSON.parse(JSON.stringify({ packages }));
    expect(installedAsLocked(lock, record)).toBe(false);
  });
});

describe("lockedAsAsked", () => {
  const lock = lockFile({ tests: { devDependencies: { b: "2.0.0", a: "1.0.0" } } });

  it("accepts the manifests that the lock file was made from, in any order", () => {
    const manifests = new Map([
      ["", { name: "updraft" }],
      ["tests", { devDependencies: { a: "1.0.0", b: "2.0.0" } }],
    ]);
    expect(lockedAsAsked(lock, manifests)).toBe(true);
  });

  it.each([
    ["an added dependency", { dependencies: { c: "1.0.0" } }],
    ["another version", { devDependencies: { a: "1.0.0", b: "2.0.1" } }],
    ["a removed dependency", { devDependencies: { a: "1.0.0" } }],
  ])("refuses %s", (_title, manifest) => {
    const whole = { devDependencies: { a: "1.0.0", b: "2.0.0" }, ...manifest };
    expect(lockedAsAsked(lock, new Map([["tests", whole]]))).toBe(false);
  });
});

describe("npmCommand", () => {
  it("runs the npm that runs this, with the Node that runs this", async () => {
    const folder = await mkdtemp(join(tmpdir(), "updraft-npm-"));
    const script = join(folder, "npm-cli.js");
    await writeFile(script, "");
    expect(npmCommand({ npm_execpath: script, PATH: "" })).toEqual([process.execPath, script]);
    await rm(folder, { recursive: true });
  });

  it("does not take another package manager for npm", () => {
    const env = { npm_execpath: "/usr/lib/node_modules/yarn/bin/yarn.js", PATH: "/nowhere" };
    expect(() => npmCommand(env)).toThrow(/^npm is not on PATH; install npm/);
  });
});
