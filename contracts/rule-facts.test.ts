import { describe, expect, it } from "vitest";
import { GateRules } from "./gate.ts";
import { comparingRules, ruleFacts, ruleNames, rulesFor } from "./rule-facts.ts";

describe("the facts of rules", () => {
  it("are known of every rule, and the names say on which side the limit is", () => {
    const rules = Object.keys(GateRules.shape).filter((key) => key !== "decideOn");
    expect([...ruleNames].toSorted()).toEqual(rules.toSorted());
    const wrong = ruleNames.filter(
      (rule) => ruleFacts[rule].side !== (rule.startsWith("min") ? "least" : "most"),
    );
    expect(wrong).toEqual([]);
  });

  it("tell rules for classifiers from those for regressors", () => {
    const [ofClasses, ofValues] = [rulesFor("classification"), rulesFor("regression")];
    expect(ofClasses.filter((rule) => !ofValues.includes(rule))).toEqual([
      "minAccuracy",
      "minF1",
      "minPrecision",
      "minRecall",
      "minRocAuc",
      "maxLogLoss",
      "maxCalibrationError",
      "minRecallPerClass",
      "minRecallOf",
      "minAccuracyPerSlice",
      "maxRegressionPerClass",
    ]);
    expect(ofValues.filter((rule) => !ofClasses.includes(rule))).toEqual([
      "minR2",
      "maxRmse",
      "maxMae",
      "maxError",
      "maxRmsePerSlice",
    ]);
    expect(comparingRules.filter((rule) => !ofClasses.includes(rule))).toEqual([]);
  });
});
