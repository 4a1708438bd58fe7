import { expect, it } from "vitest";
import { scriptFile } from "./script-file.ts";

const manifest = JSON.stringify({
  scripts: {
    sweep: "node toolchain/main.js node infra/commands/sweep/main.ts",
    plan: "node toolchain/main.js node infra/commands/plan/main.ts",
    start: "node toolchain/main.js start",
  },
});

it("finds the file of a command", () => {
  expect(scriptFile(manifest, "plan")).toBe("infra/commands/plan/main.ts");
});

it.each(["start", "preview"])("says which commands there are in place of %s", (name) => {
  expect(() => scriptFile(manifest, name)).toThrow(
    `${name} is no command that can be reported; there are plan, sweep`,
  );
});
