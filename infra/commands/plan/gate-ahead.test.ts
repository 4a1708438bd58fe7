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
});
