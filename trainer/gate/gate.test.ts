import { describe, expect, it } from "vitest";
import { applyGate } from "./gate.ts";

const candidate = {
  accuracy: 0.9871,
  f1: 0.9869,
  classes: [
    { label: "0", recall: 0.99 },
    { label: "8", recall: 0.953 },
    { label: "9", recall: 0.97 },
  ],
  latencyP95Ms: 1.25,
  sizeBytes: 864_818,
};
const champion = { version: "7", accuracy: 0.9912 };

describe("applyGate", () => {
  it("passes without rules", () => {
    expect(applyGate({}, candidate, champion)).toEqual({ verdict: "passed", rules: [] });
  });

  it("applies every rule that there is, in one order, and passes when each of them does", () => {
    const rules = {
      maxSizeBytes: 1_000_000,
      maxLatencyP95Ms: 5,
      maxRegression: 0.005,
      minRecallPerClass: 0.95,
      minF1: 0.98,
      minAccuracy: 0.9871,
    };
    expect(applyGate(rules, candidate, champion)).toEqual({
      verdict: "passed",
      rules: [
        {
          rule: "minAccuracy",
          value: 0.9871,
          limit: 0.9871,
          verdict: "passed",
          reason: "accuracy is 0.9871, at least 0.9871 as required",
        },
        {
          rule: "minF1",
          value: 0.9869,
          limit: 0.98,
          verdict: "passed",
          reason: "F1 is 0.9869, at least 0.98 as required",
        },
        {
          rule: "minRecallPerClass",
          value: 0.953,
          limit: 0.95,
          verdict: "passed",
          reason: 'recall of the worst class, "8", is 0.953, at least 0.95 as required',
        },
        {
          rule: "maxRegression",
          value: 0.0041,
          limit: 0.005,
          verdict: "passed",
          reason:
            "regression against champion version 7, accuracy 0.9912, is 0.0041, at most 0.005 as required",
        },
        {
          rule: "maxLatencyP95Ms",
          value: 1.25,
          limit: 5,
          verdict: "passed",
          reason: "95th percentile of the latency is 1.25 ms, at most 5 ms as required",
        },
        {
          rule: "maxSizeBytes",
          value: 864_818,
          limit: 1_000_000,
          verdict: "passed",
          reason: "size is 864818 bytes, at most 1000000 bytes as required",
        },
      ],
    });
  });

  it("fails when one rule does, and says which, by how much", () => {
    const report = applyGate({ minAccuracy: 0.99, minF1: 0.9 }, candidate, undefined);
    expect(report.verdict).toBe("failed");
    expect(report.rules.map(({ verdict }) => verdict)).toEqual(["failed", "passed"]);
    expect(report.rules[0]?.reason).toBe("accuracy is 0.9871; the rule is at least 0.99");
  });

  it("takes a difference of exactly the limit as allowed", () => {
    const equal = { ...candidate, accuracy: 0.9812 };
    expect(applyGate({ maxRegression: 0.01 }, equal, champion).verdict).toBe("passed");
    const below = { ...candidate, accuracy: 0.9811 };
    expect(applyGate({ maxRegression: 0.01 }, below, champion).verdict).toBe("failed");
  });

  it("has a negative regression for a candidate that is better", () => {
    const report = applyGate({ maxRegression: 0 }, { ...candidate, accuracy: 0.9915 }, champion);
    expect(report.rules[0]).toMatchObject({ value: -0.0003, verdict: "passed" });
  });

  it("cannot fall behind a champion that there is not", () => {
    expect(applyGate({ maxRegression: 0 }, candidate, undefined).rules).toEqual([
      {
        rule: "maxRegression",
        value: 0,
        limit: 0,
        verdict: "passed",
        reason: "regression, without a champion, is 0, at most 0 as required",
      },
    ]);
  });
});
