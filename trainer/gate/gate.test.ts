import { digestOf } from "@updraft/contracts/digest";
import { rulesFor } from "@updraft/contracts/rule-facts";
import { describe, expect, it } from "vitest";
import { applyGate, type Candidate } from "./gate.ts";

const interval = (low: number, high: number) => ({ low, high });

const candidate: Candidate = {
  digest: digestOf("candidate"),
  mainMeasure: "accuracy",
  metrics: {
    accuracy: 0.9871,
    f1: 0.9869,
    precision: 0.9868,
    recall: 0.987,
    rocAuc: 0.9991,
    logLoss: 0.045,
    ece: 0.012,
    minRecallPerClass: 0.953,
    minAccuracyPerSlice: 0.96,
    latencyP95Ms: 1.25,
    throughputPerSecond: 4800,
    sizeBytes: 864_818,
  },
  classes: [
    { label: "0", recall: 0.99 },
    { label: "8", recall: 0.953 },
    { label: "9", recall: 0.97 },
  ],
  slices: [
    { slice: "site", value: "north", count: 600, metrics: { accuracy: 0.99 } },
    { slice: "site", value: "south", count: 400, metrics: { accuracy: 0.96 } },
  ],
  spread: {
    intervals: {
      accuracy: interval(0.98, 0.993),
      ece: interval(0.008, 0.017),
      minRecallPerClass: interval(0.91, 0.97),
    },
    recalls: [interval(0.97, 1), interval(0.91, 0.98), interval(0.93, 0.99)],
    differences: { accuracy: { value: -0.0041, ...interval(-0.009, 0.001) } },
    classRegression: { class: 1, value: 0.02, ...interval(-0.01, 0.05) },
  },
  data: { warnings: ["leakage"], drift: 0.08 },
};
const champion = {
  version: "7",
  digest: digestOf("champion"),
  metrics: { accuracy: 0.9912 },
};

/** The same with other measures. */
function measuring(metrics: Readonly<Record<string, number>>): Candidate {
  return { ...candidate, metrics: { ...candidate.metrics, ...metrics } };
}

describe("applyGate", () => {
  it("passes without rules", () => {
    expect(applyGate({}, candidate, champion)).toEqual({ verdict: "passed", rules: [] });
    expect(applyGate({ decideOn: "interval" }, candidate, champion).rules).toEqual([]);
  });

  it("applies every rule that there is, in one order, and passes when each of them does", () => {
    const rules = {
      maxDrift: 0.1,
      maxDataWarnings: 1,
      maxSizeBytes: 1_000_000,
      minThroughputPerSecond: 1000,
      maxLatencyP95Ms: 5,
      minImprovement: 0,
      maxRegressionPerClass: 0.03,
      maxRegression: 0.005,
      minAccuracyPerSlice: 0.95,
      minRecallOf: { "9": 0.96, "0": 0.99 },
      minRecallPerClass: 0.95,
      maxCalibrationError: 0.02,
      maxLogLoss: 0.05,
      minRocAuc: 0.999,
      minRecall: 0.98,
      minPrecision: 0.98,
      minF1: 0.98,
      minAccuracy: 0.9871,
    };
    const { verdict, rules: results } = applyGate(rules, candidate, champion);
    expect(verdict).toBe("failed");
    expect(
      results.map(({ rule, value, limit, verdict: one, reason }) => [
        rule,
        value,
        limit,
        one,
        reason,
      ]),
    ).toEqual([
      ["minAccuracy", 0.9871, 0.9871, "passed", "accuracy is 0.9871, at least 0.9871 as required"],
      ["minF1", 0.9869, 0.98, "passed", "F1 is 0.9869, at least 0.98 as required"],
      ["minPrecision", 0.9868, 0.98, "passed", "precision is 0.9868, at least 0.98 as required"],
      ["minRecall", 0.987, 0.98, "passed", "recall is 0.987, at least 0.98 as required"],
      [
        "minRocAuc",
        0.9991,
        0.999,
        "passed",
        "area under the ROC curve is 0.9991, at least 0.999 as required",
      ],
      ["maxLogLoss", 0.045, 0.05, "passed", "log loss is 0.045, at most 0.05 as required"],
      [
        "maxCalibrationError",
        0.012,
        0.02,
        "passed",
        "expected calibration error is 0.012, at most 0.02 as required",
      ],
      [
        "minRecallPerClass",
        0.953,
        0.95,
        "passed",
        'recall of the worst class, "8", is 0.953, at least 0.95 as required',
      ],
      [
        "minRecallOf 0",
        0.99,
        0.99,
        "passed",
        'recall of class "0" is 0.99, at least 0.99 as required',
      ],
      [
        "minRecallOf 9",
        0.97,
        0.96,
        "passed",
        'recall of class "9" is 0.97, at least 0.96 as required',
      ],
      [
        "minAccuracyPerSlice",
        0.96,
        0.95,
        "passed",
        'accuracy of the worst slice, site "south", is 0.96, at least 0.95 as required',
      ],
      [
        "maxRegression",
        0.0041,
        0.005,
        "passed",
        "regression against champion version 7, accuracy 0.9912, is 0.0041, at most 0.005 as required",
      ],
      [
        "maxRegressionPerClass",
        0.02,
        0.03,
        "passed",
        'regression of the recall of class "8", the most of all, against champion version 7, is 0.02, at most 0.03 as required',
      ],
      [
        "minImprovement",
        -0.0041,
        0,
        "failed",
        "improvement on champion version 7, accuracy 0.9912, is -0.0041; the rule is at least 0",
      ],
      [
        "maxLatencyP95Ms",
        1.25,
        5,
        "passed",
        "95th percentile of the latency is 1.25 ms, at most 5 ms as required",
      ],
      [
        "minThroughputPerSecond",
        4800,
        1000,
        "passed",
        "throughput is 4800 instances a second, at least 1000 instances a second as required",
      ],
      [
        "maxSizeBytes",
        864_818,
        1_000_000,
        "passed",
        "size is 864818 bytes, at most 1000000 bytes as required",
      ],
      [
        "maxDataWarnings",
        1,
        1,
        "passed",
        "number of warnings about the data (leakage) is 1, at most 1 as required",
      ],
      ["maxDrift", 0.08, 0.1, "passed", "drift of the data (PSI) is 0.08, at most 0.1 as required"],
    ]);
  });

  it("fails when one rule does, and says which, by how much", () => {
    const report = applyGate({ minAccuracy: 0.99, minF1: 0.9 }, candidate, undefined);
    expect(report.verdict).toBe("failed");
    expect(report.rules.map(({ verdict }) => verdict)).toEqual(["failed", "passed"]);
    expect(report.rules[0]?.reason).toBe("accuracy is 0.9871; the rule is at least 0.99");
  });

  it("takes a difference of exactly the limit as allowed", () => {
    expect(
      applyGate({ maxRegression: 0.01 }, measuring({ accuracy: 0.9812 }), champion).verdict,
    ).toBe("passed");
    expect(
      applyGate({ maxRegression: 0.01 }, measuring({ accuracy: 0.9811 }), champion).verdict,
    ).toBe("failed");
  });

  it("has a negative regression for a candidate that is better", () => {
    const report = applyGate({ maxRegression: 0 }, measuring({ accuracy: 0.9915 }), champion);
    expect(report.rules[0]).toMatchObject({ value: -0.0003, verdict: "passed" });
  });

  it("fails a rule on what cannot be measured", () => {
    const bare = { ...candidate, metrics: {}, slices: [] };
    const rules = { minRocAuc: 0.9, minRecallOf: { "5": 0.9 }, minAccuracyPerSlice: 0.9 };
    const { rules: results } = applyGate(rules, bare, undefined);
    expect(results.map(({ verdict, reason }) => `${verdict}: ${reason}`)).toEqual([
      "failed: area under the ROC curve is not known on this test split; the rule is at least 0.9",
      'failed: there is no class "5"; the rule is at least 0.9',
      "failed: the data has no slices; the rule is at least 0.9",
    ]);
  });

  it("looks at the regressor's own measures", () => {
    const regressor: Candidate = {
      ...candidate,
      mainMeasure: "r2",
      metrics: { r2: 0.81, rmse: 2.5, mae: 1.9, maxError: 9, maxRmsePerSlice: 3 },
      classes: [],
      slices: [{ slice: "site", value: "south", count: 5, metrics: { rmse: 3 } }],
    };
    const rules = {
      minR2: 0.8,
      maxRmse: 2,
      maxMae: 2,
      maxError: 10,
      maxRmsePerSlice: 3,
      maxRegression: 0.02,
    };
    const before = { ...champion, metrics: { r2: 0.82 } };
    expect(
      applyGate(rules, regressor, before).rules.map(({ rule, verdict, reason }) => [
        rule,
        verdict,
        reason,
      ]),
    ).toEqual([
      ["minR2", "passed", "R² is 0.81, at least 0.8 as required"],
      ["maxRmse", "failed", "root mean squared error is 2.5; the rule is at most 2"],
      ["maxMae", "passed", "mean absolute error is 1.9, at most 2 as required"],
      ["maxError", "passed", "largest error is 9, at most 10 as required"],
      [
        "maxRmsePerSlice",
        "passed",
        'root mean squared error of the worst slice, site "south", is 3, at most 3 as required',
      ],
      [
        "maxRegression",
        "passed",
        "regression against champion version 7, R² 0.82, is 0.01, at most 0.02 as required",
      ],
    ]);
    expect(
      Object.keys(rules).filter((rule) => !rulesFor("regression").some((one) => one === rule)),
    ).toEqual([]);
  });
});

describe("without a champion", () => {
  it("nothing can be fallen behind of, improved on or drifted from", () => {
    const rules = {
      maxRegression: 0,
      maxRegressionPerClass: 0,
      minImprovement: 0.01,
      maxDrift: 0.1,
    };
    const first = { ...candidate, data: { warnings: [], drift: undefined } };
    expect(
      applyGate(rules, first, undefined).rules.map(({ value, verdict, reason }) => [
        value,
        verdict,
        reason,
      ]),
    ).toEqual([
      [0, "passed", "regression, without a champion, is 0, at most 0 as required"],
      [0, "passed", "regression of any class, without a champion, is 0, at most 0 as required"],
      [0, "passed", "there is no champion that could be improved on"],
      [0, "passed", "no data of a champion is known that this could have drifted from"],
    ]);
  });
});

describe("the champion's own package", () => {
  it("need not be better than itself", () => {
    const itself = { ...champion, digest: candidate.digest };
    expect(applyGate({ minImprovement: 0.01 }, candidate, itself).rules).toEqual([
      {
        rule: "minImprovement",
        value: 0,
        limit: 0.01,
        verdict: "passed",
        reason: "it is the champion's own package, version 7; nothing is replaced",
      },
    ]);
  });
});

describe("deciding on the interval", () => {
  it("takes the bound that is unfavourable, and keeps what was measured", () => {
    const rules = {
      decideOn: "interval" as const,
      minAccuracy: 0.985,
      maxCalibrationError: 0.02,
      minRecallOf: { "9": 0.93 },
      maxRegression: 0.005,
      maxLatencyP95Ms: 5,
    };
    expect(applyGate(rules, candidate, champion)).toEqual({
      verdict: "failed",
      rules: [
        {
          rule: "minAccuracy",
          value: 0.98,
          limit: 0.985,
          verdict: "failed",
          reason: "accuracy is 0.9871, its lower 95 % bound 0.98; the rule is at least 0.985",
          measured: { value: 0.9871, low: 0.98, high: 0.993 },
        },
        {
          rule: "maxCalibrationError",
          value: 0.017,
          limit: 0.02,
          verdict: "passed",
          reason:
            "expected calibration error is 0.012, its upper 95 % bound 0.017, at most 0.02 as required",
          measured: { value: 0.012, low: 0.008, high: 0.017 },
        },
        {
          rule: "minRecallOf 9",
          value: 0.93,
          limit: 0.93,
          verdict: "passed",
          reason:
            'recall of class "9" is 0.97, its lower 95 % bound 0.93, at least 0.93 as required',
          measured: { value: 0.97, low: 0.93, high: 0.99 },
        },
        {
          rule: "maxRegression",
          value: 0.009,
          limit: 0.005,
          verdict: "failed",
          reason:
            "regression against champion version 7, accuracy 0.9912, is 0.0041, its upper 95 % bound 0.009; the rule is at most 0.005",
          measured: { value: 0.0041, low: -0.001, high: 0.009 },
        },
        {
          rule: "maxLatencyP95Ms",
          value: 1.25,
          limit: 5,
          verdict: "passed",
          reason: "95th percentile of the latency is 1.25 ms, at most 5 ms as required",
        },
      ],
    });
  });

  it("does not take noise for an improvement", () => {
    const better = {
      ...measuring({ accuracy: 0.9932 }),
      spread: {
        ...candidate.spread,
        differences: { accuracy: { value: 0.002, low: -0.001, high: 0.005 } },
      },
    };
    const rules = { minImprovement: 0 };
    expect(applyGate(rules, better, champion).verdict).toBe("passed");
    const sure = applyGate({ ...rules, decideOn: "interval" }, better, champion);
    expect(sure).toMatchObject({ verdict: "failed", rules: [{ value: -0.001, limit: 0 }] });
  });
});
