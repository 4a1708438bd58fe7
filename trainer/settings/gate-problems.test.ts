import { expect, it } from "vitest";
import { gateProblems } from "./gate-problems.ts";

const output = { name: "answer", datatype: "FP32" as const, shape: [-1, 2] };
const classifier = { name: "sides", output: { ...output, labels: ["left", "right"] } };
const regressor = { name: "prices", output };
const given = new Map([["gate", { value: {}, source: "--gate" }]]);

it("finds nothing wrong with rules that fit", () => {
  const common = { maxRegression: 0.1, minImprovement: 0, maxSizeBytes: 9, maxDrift: 1 };
  const ofClasses = { minAccuracy: 0.9, minRecallOf: { left: 0.5 }, decideOn: "interval" as const };
  expect(gateProblems({ ...common, ...ofClasses }, given, classifier)).toEqual([]);
  expect(gateProblems({ ...common, minR2: 0.5, maxMae: 2 }, given, regressor)).toEqual([]);
});

it("names the rules that a model can have", () => {
  expect(gateProblems({ minAccuracy: 0.9, maxSizeBytes: 9 }, given, regressor)).toEqual([
    "--gate minAccuracy: prices is a regressor, which has no such measure; the rules for it are minR2, maxRmse, maxMae, maxError, maxRmsePerSlice, maxRegression, minImprovement, maxLatencyP95Ms, minThroughputPerSecond, maxSizeBytes, maxDataWarnings, maxDrift",
  ]);
  expect(gateProblems({ minR2: 0.5 }, new Map(), classifier)).toEqual([
    expect.stringMatching(
      /^the gate of sides minR2: sides is a classifier, .* the rules for it are minAccuracy, /,
    ),
  ]);
});

it("names the classes that there are", () => {
  expect(gateProblems({ minRecallOf: { top: 0.5 } }, given, classifier)).toEqual([
    "--gate minRecallOf top: sides has no such class; it has left, right",
  ]);
});
