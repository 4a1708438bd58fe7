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

  it("has a head line only when there are no rules", () => {
    expect(gateTable({ verdict: "passed", rules: [] })).toBe("rule  value  limit  verdict");
  });
});

describe("GateRules", () => {
  it("takes any selection of rules", () => {
    expect(GateRules.parse({})).toEqual({});
    expect(GateRules.parse({ minF1: 0.9 })).toEqual({ minF1: 0.9 });
  });

  it.each([
    { minAccuracy: 98 },
    { maxLatencyP95Ms: 0 },
    { maxSizeBytes: 1.5 },
    { minAcuracy: 0.9 },
  ])("refuses %j", (rules) => {
    expect(GateRules.safeParse(rules).success).toBe(false);
  });
});
