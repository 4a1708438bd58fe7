import { expect, it } from "vitest";
import { exitCodeOf, sweepReport, type SweptStack } from "./sweep-report.ts";

const swept: SweptStack[] = [
  { stack: "pr-7", outcome: "destroyed", reason: "expired 2 h ago" },
  { stack: "pr-12", outcome: "kept", reason: "goes in 3 h" },
];

it("has a line for each stack", () => {
  expect(sweepReport(swept)).toBe(
    "pr-7   destroyed  expired 2 h ago\npr-12  kept       goes in 3 h",
  );
  expect(sweepReport([])).toBe("There are no ephemeral stacks.");
});

it.each<[SweptStack["outcome"], number]>([
  ["destroyed", 0],
  ["would go", 0],
  ["kept", 0],
  ["held", 0],
  ["protected", 0],
  ["elsewhere", 0],
  ["gone", 0],
  ["unknown", 1],
  ["failed", 1],
])("a sweep with a stack that is %s ends with %i", (outcome, code) => {
  expect(exitCodeOf([...swept, { stack: "pr-1", outcome, reason: "" }])).toBe(code);
});
