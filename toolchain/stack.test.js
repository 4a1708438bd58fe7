import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ownBackendFolder } from "./environment.js";
import { CommandError } from "./errors.js";
import { pins } from "./pins.js";
import { chooseStack, removeStack } from "./stack.js";

describe("chooseStack", () => {
  it("takes dev if nothing is said", () => {
    expect(chooseStack(["--refresh"], {})).toEqual({ stack: "dev", rest: ["--refresh"] });
  });

  it("takes the variable, and before it the flag in each of its forms", () => {
    const env = { UPDRAFT_STACK: "pr-1" };
    expect(chooseStack([], env)).toEqual({ stack: "pr-1", rest: [] });
    for (const flag of [["--stack", "pr-2"], ["--stack=pr-2"], ["-s", "pr-2"]]) {
      expect(chooseStack(["-f", ...flag, "--diff"], env)).toEqual({
        stack: "pr-2",
        rest: ["-f", "--diff"],
      });
    }
  });

  it.each([[["--stack"]], [["--stack="]], [["-s"]]])("asks for the name in %j", (args) => {
    expect(() => chooseStack(args, {})).toThrow(CommandError);
  });
});

describe("removeStack", () => {
  /** @type {string} */
  let repository;

  beforeEach(async () => {
    repository = await mkdtemp(join(tmpdir(), "updraft-stack-"));
  });

  afterEach(() => rm(repository, { recursive: true }));

  const context = () => {
    const env = { HOME: repository, PATH: "" };
    return { repository, cache: "/cache", platform: "linux-x64", env, pins };
  };
  const stacks = (/** @type {string} */ project) =>
    join(ownBackendFolder(context()), ".pulumi", "stacks", project);

  async function removeLast() {
    await mkdir(stacks("updraft"), { recursive: true });
    await writeFile(join(stacks("updraft"), "dev.json.bak"), "{}");
    const nothing = { show: async () => 0, ask: async () => "" };
    await removeStack(context(), nothing, "dev");
  }

  it("takes the backend along with the last stack", async () => {
    await removeLast();
    expect(existsSync(ownBackendFolder(context()))).toBe(false);
  });

  it("leaves the backend to the stack of a cluster", async () => {
    await mkdir(stacks("updraft-cluster"), { recursive: true });
    await writeFile(join(stacks("updraft-cluster"), "gpu.json"), "{}");
    await removeLast();
    expect(existsSync(join(stacks("updraft-cluster"), "gpu.json"))).toBe(true);
  });
});
