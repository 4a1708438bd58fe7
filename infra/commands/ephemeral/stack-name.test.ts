import { describe, expect, it } from "vitest";
import { UsageError } from "../support/run-command.ts";
import { checkStackName } from "./stack-name.ts";

describe("checkStackName", () => {
  it.each(["pr-1", "ab", "e2e-ephemeral-1234567", `a${"b".repeat(39)}`])("takes %s", (name) => {
    expect(() => checkStackName(name, "Pulumi.preview.yaml")).not.toThrow();
  });

  it.each(["", "a", "PR-1", "1pr", "pr_1", "pr-", "team/updraft/pr-1", `a${"b".repeat(40)}`])(
    "refuses %j",
    (name) => {
      expect(() => checkStackName(name, "Pulumi.preview.yaml")).toThrow(
        new UsageError(
          `${name} is no name for an ephemeral stack: its namespace, its host and its files are named after it; expected 2 to 40 lower-case letters, digits and dashes, such as pr-12`,
        ),
      );
    },
  );

  it("refuses the template's own, whose file would be written over", () => {
    expect(() => checkStackName("preview", "Pulumi.preview.yaml")).toThrow(
      "preview cannot be the stack's name: Pulumi.preview.yaml is its template; name it otherwise, such as pr-12",
    );
  });
});
