import { describe, expect, it } from "vitest";
import { failureReason, gateOf, parseGate, rulesInTable } from "./gate.ts";

const table =
  "rule               value    limit  verdict\nminAccuracy        0.95395  0.97   failed\nmaxRegression      0        0.01   passed";
const rules = [
  { rule: "minAccuracy", value: 0.95395, limit: 0.97, verdict: "failed" },
  { rule: "maxRegression", value: 0, limit: 0.01, verdict: "passed" },
];

describe("the gate in tags", () => {
  it("is the bare word, with the rules of the table", () => {
    expect(parseGate("passed")).toEqual({ verdict: "passed", rules: [] });
    expect(parseGate("failed", table)).toEqual({ verdict: "failed", rules });
  });

  it("is the report as JSON, without what is no rule", () => {
    const report = { verdict: "failed", rules: [...rules, { rule: "x" }] };

    expect(parseGate(JSON.stringify(report))).toEqual({ verdict: "failed", rules });
  });

  it.each([undefined, "", "maybe", "{}", "[1]", "null"])("is none of %s", (value) => {
    expect(parseGate(value)).toBeUndefined();
  });

  it("reads the table, line by line, and passes over what is no rule", () => {
    expect(rulesInTable(table)).toEqual(rules);
    expect(rulesInTable("rule  value\nnonsense\n")).toEqual([]);
  });
});

describe("why there is no release", () => {
  it("is what the trainer says, without the table", () => {
    const said = tags({ "updraft.failure": `too low\n${table}`, "updraft.gate.table": table });

    expect(failureReason(said)).toBe("too low");
  });

  it("is otherwise the reasons of the rules that did not hold", () => {
    const report = { verdict: "failed", rules: [{ ...rules[0], reason: "accuracy is too low" }] };

    expect(failureReason(tags({ "updraft.gate": JSON.stringify(report) }))).toBe(
      "accuracy is too low",
    );
    expect(failureReason(tags({ "updraft.gate": "passed" }))).toBeUndefined();
    expect(gateOf([])).toBeUndefined();
  });
});

function tags(values: Record<string, string>) {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}
