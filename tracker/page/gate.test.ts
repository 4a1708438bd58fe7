import { describe, expect, it } from "vitest";
import { failureReason, parseGate } from "./gate.ts";

const rule = {
  rule: "minAccuracy",
  value: 0.9,
  limit: 0.98,
  verdict: "failed",
  reason: "Too low.",
};

describe("parseGate", () => {
  it("takes the bare word and the whole report", () => {
    expect(parseGate("passed")).toEqual({ verdict: "passed", rules: [] });
    expect(parseGate(JSON.stringify({ verdict: "failed", rules: [rule] }))).toEqual({
      verdict: "failed",
      rules: [rule],
    });
  });

  it("has nothing to say about anything else", () => {
    expect(parseGate(undefined)).toBeUndefined();
    expect(parseGate("maybe")).toBeUndefined();
    expect(parseGate('{"verdict":"passed"}')).toBeUndefined();
  });
});

describe("failureReason", () => {
  it("is what the trainer said, without the table that is shown elsewhere", () => {
    const table = "rule  value\na     1";

    expect(
      failureReason([
        { key: "updraft.failure", value: `the gate failed: too low\n${table}` },
        { key: "updraft.gate.table", value: table },
      ]),
    ).toBe("the gate failed: too low");
  });

  it("is what the broken rules say where the trainer said nothing", () => {
    const passed = { ...rule, verdict: "passed", reason: "Fine." };
    const report = { verdict: "failed", rules: [passed, rule, rule] };

    expect(failureReason([{ key: "updraft.gate", value: JSON.stringify(report) }])).toBe(
      "Too low. Too low.",
    );
    expect(failureReason([{ key: "updraft.gate", value: "failed" }])).toBeUndefined();
  });
});
