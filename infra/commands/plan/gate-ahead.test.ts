import { describe, expect, it } from "vitest";
import { gateAhead } from "./gate-ahead.ts";

const champion = {
  metrics: {
    accuracy: 0.9912,
    f1: 0.991,
    minRecallPerClass: 0.97,
    latencyP95Ms: 3.26,
    sizeBytes: 864_818,
  },
};

describe("gateAhead", () => {
  it("says what every rule means in numbers, and whether the champion would pass", () => {
    const rules = {
      maxSizeBytes: 900_000,
      maxLatencyP95Ms: 2.5,
      maxRegression: 0.002,
      minRecallPerClass: 0.96,
      minF1: 0.98,
      minAccuracy: 0.995,
    };
    const ahead = gateAhead({ rules, before: rules, champion, hasOtherData: false });
    expect(ahead.map(({ rule, text, championPasses }) => [rule, text, championPasses])).toEqual([
      ["minAccuracy", "accuracy of at least 0.995", false],
      ["minF1", "F1 of at least 0.98", true],
      ["minRecallPerClass", "recall of the worst class of at least 0.96", true],
      ["maxRegression", "accuracy of at least 0.9892 (the champion's 0.9912 less 0.002)", true],
      ["maxLatencyP95Ms", "latency (p95) of at most 2.5 ms", false],
      ["maxSizeBytes", "size of at most 900,000 bytes", true],
    ]);
    expect(ahead.every(({ isChanged }) => !isChanged)).toBe(true);
    expect(ahead[3]?.bound).toEqual({ side: "least", value: 0.9892 });
  });

  it("tells which rules are others than before", () => {
    const rules = { minAccuracy: 0.985, minF1: 0.9, maxRegression: 0.01 };
    const before = { minAccuracy: 0.98, minF1: 0.9 };
    const ahead = gateAhead({ rules, before, champion, hasOtherData: false });
    expect(ahead.map(({ before: was, isChanged }) => [was, isChanged])).toEqual([
      [0.98, true],
      [0.9, false],
      [undefined, true],
    ]);
    const unknown = gateAhead({ rules, before: undefined, champion, hasOtherData: false });
    expect(unknown.every(({ isChanged }) => !isChanged)).toBe(true);
  });

  it("says that a champion is measured anew with other data", () => {
    const situation = { rules: { maxRegression: 0.002 }, before: undefined, champion };
    expect(gateAhead({ ...situation, hasOtherData: true })[0]?.text).toBe(
      "accuracy of at least 0.9892 (the champion's 0.9912 less 0.002; it is measured anew with the new data)",
    );
  });

  it("knows no bound that needs a champion before there is one", () => {
    const rules = { minAccuracy: 0.98, maxRegression: 0.002 };
    const none = { before: undefined, champion: undefined, hasOtherData: false };
    expect(gateAhead({ rules, ...none })).toEqual([
      {
        rule: "minAccuracy",
        limit: 0.98,
        before: undefined,
        isChanged: false,
        measure: "accuracy",
        bound: { side: "least", value: 0.98 },
        champion: undefined,
        championPasses: undefined,
        text: "accuracy of at least 0.98",
      },
      {
        rule: "maxRegression",
        limit: 0.002,
        before: undefined,
        isChanged: false,
        measure: "accuracy",
        bound: undefined,
        champion: undefined,
        championPasses: undefined,
        text: "no champion yet that could be fallen behind of",
      },
    ]);
  });

  it("names single classes, slices, data and costs", () => {
    const rules = {
      minRecallOf: { "7": 0.95 },
      minAccuracyPerSlice: 0.9,
      maxRegressionPerClass: 0.02,
      minThroughputPerSecond: 1000,
      maxDataWarnings: 0,
      maxDrift: 0.2,
    };
    const before = { ...rules, minRecallOf: { "7": 0.9 } };
    const ahead = gateAhead({ rules, before, champion, hasOtherData: false });
    expect(
      ahead.map(({ rule, text, before: was, isChanged }) => [rule, text, was, isChanged]),
    ).toEqual([
      ["minRecallOf 7", 'recall of class "7" of at least 0.95', 0.9, true],
      ["minAccuracyPerSlice", "accuracy of the worst slice of at least 0.9", 0.9, false],
      [
        "maxRegressionPerClass",
        "recall of no class more than 0.02 below the champion's",
        0.02,
        false,
      ],
      ["minThroughputPerSecond", "throughput of at least 1,000 a second", 1000, false],
      ["maxDataWarnings", "at most 0 warnings about the data", 0, false],
      ["maxDrift", "drift of the data (PSI) of at most 0.2", 0.2, false],
    ]);
  });

  it("says which confidence decides, and what the champion's own bound comes to", () => {
    const intervals = { accuracy: { low: 0.9894, high: 0.9927 } };
    const rules = {
      minAccuracy: 0.99,
      minImprovement: 0.001,
      maxLatencyP95Ms: 5,
      decideOn: "interval" as const,
    };
    const before = { minAccuracy: 0.99, minImprovement: 0.001, maxLatencyP95Ms: 5 };
    const situation = { rules, before, champion: { ...champion, intervals }, hasOtherData: false };
    const ahead = gateAhead(situation);
    expect(
      ahead.map(({ text, championPasses, isChanged }) => [text, championPasses, isChanged]),
    ).toEqual([
      ["accuracy of at least 0.99, with 95 % confidence", false, true],
      [
        "accuracy of at least 0.9922 (the champion's 0.9912 and 0.001 more), with 95 % confidence",
        true,
        true,
      ],
      ["latency (p95) of at most 5 ms", true, true],
    ]);
  });

  it("compares regressors by R²", () => {
    const regressor = { metrics: { r2: 0.81, rmse: 2.5 } };
    const rules = { minR2: 0.8, maxRmse: 2, maxRegression: 0.02 };
    const ahead = gateAhead({ rules, before: undefined, champion: regressor, hasOtherData: false });
    expect(ahead.map(({ text, championPasses }) => [text, championPasses])).toEqual([
      ["R² of at least 0.8", true],
      ["root mean squared error of at most 2", false],
      ["R² of at least 0.7900 (the champion's 0.8100 less 0.02)", true],
    ]);
  });
});
