import { describe, expect, it } from "vitest";
import { protectionProblem } from "./protection.js";

describe("protectionProblem", () => {
  it("says how a protected stack is taken down on purpose", () => {
    const protection = { isConfigured: true, resources: 13, protectedResources: 4 };
    expect(protectionProblem("prod", protection)).toBe(
      [
        "The stack prod is protected (updraft:protect), and nothing of it has been touched. To take it down on purpose:",
        "  npm run pulumi -- config set updraft:protect false --stack prod",
        "  npm start -- --stack prod",
        "  npm run down -- --stack prod",
      ].join("\n"),
    );
  });

  it("holds before an update has taken protection up, if there is anything to protect", () => {
    const protection = { isConfigured: true, resources: 11, protectedResources: 0 };
    expect(protectionProblem("prod", protection)).toContain("is protected");
    expect(protectionProblem("prod", { ...protection, resources: 0 })).toBeUndefined();
  });

  it("holds until an update has taken it off, and says what to do if none succeeds", () => {
    const protection = { isConfigured: false, resources: 13, protectedResources: 4 };
    expect(protectionProblem("prod", protection)?.split("\n")).toEqual([
      "The stack prod is still protected, and nothing of it has been touched: its configuration protects it no longer, and no update has taken that up. First run",
      "  npm start -- --stack prod",
      "or, if no update succeeds any more,",
      "  npm run pulumi -- state unprotect --all --yes --stack prod",
      "and then",
      "  npm run down -- --stack prod",
    ]);
  });

  it("lets other stacks go", () => {
    const protection = { isConfigured: false, resources: 13, protectedResources: 0 };
    expect(protectionProblem("dev", protection)).toBeUndefined();
  });
});
