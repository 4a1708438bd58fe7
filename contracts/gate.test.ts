import { describe, expect, it } from "vitest";
import { GateRules, gateTable } from "./gate.ts";

describe("gateTable", () => {
  it("lines rules, values, limits and verdicts up", () => {
    expect(
      gateTable({
        verdict: "failed",
        rules: [
          { rule: "minAccuracy", value: 0.98123456, limit: 0.99, verdict: "failed", reason: "" },
          { rule: "maxSizeBytes", value: 864818, limit: 1000000, verdict: "passed", reason: "" },
        ],
      }),
    ).toBe(
      [
        "rule          value    limit    verdict",
        "minAccuracy   0.98123  0.99     failed",
        "maxSizeBytes  864818   1000000  passed",
      ].join("\n"),
    );
  });

  it("says what was measured where bounds met the limits", () => {
    const measured = { value: 0.987, low: 0.98, high: 0.9925 };
    const rule = { rule: "minAccuracy", value: 0.98, limit: 0.985, reason: "" };
    expect(
      gateTable({
        verdict: "failed",
        rules: [
          { ...rule, verdict: "failed", measured },
          { rule: "maxSizeBytes", value: 9, limit: 10, verdict: "passed", reason: "" },
        ],
      }),
    ).toBe(
      [
        "rule          value  limit  verdict  measured",
        "minAccuracy   0.98   0.985  failed   0.987 (0.98 to 0.9925)",
        "maxSizeBytes  9      10     passed",
      ].join("\n"),
    );
  });

  it("has a head line only when there are no rules", () => {
    expect(gateTable({ verdict: "passed", rules: [] })).toBe("rule  value  limit  verdict");
  });
});

describe("GateRules", () => {
  it("takes any selection of rules", () => {
    expect(GateRules.parse({})).toEqual({});
    expect(GateRules.parse({ minF1: 0.9 })).toEqual({ minF1: 0.9 });
    const some = { minRecallOf: { "7": 0.95 }, minR2: -0.5, decideOn: "interval" };
    expect(GateRules.parse(some)).toEqual(some);
  });

  it.each([
    { minAccuracy: 98 },
    { maxLatencyP95Ms: 0 },
    { maxSizeBytes: 1.5 },
    { minAcuracy: 0.9 },
    { minRecallOf: { "7": 95 } },
    { decideOn: "luck" },
  ])("refuses %j", (rules) => {
    expect(GateRules.safeParse(rules).success).toBe(false);
  });
});
