import { describe, expect, it } from "vitest";
import { CommandError } from "./errors.js";
import { chooseStack } from "./stack.js";

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
