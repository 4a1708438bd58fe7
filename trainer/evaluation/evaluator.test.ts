import { describe, expect, it } from "vitest";
import { evaluatorOf } from "./evaluator.ts";

const input = { name: "row", datatype: "FP32" as const, shape: [-1, 1] };
const output = { name: "answer", datatype: "FP32" as const, shape: [-1, 2] };

describe("the evaluator of a classifier", () => {
  const evaluator = evaluatorOf({ input, output: { ...output, labels: ["no", "yes"] } });
  const test = {
    count: 4,
    inputs: new Float32Array(4),
    labels: Int32Array.of(0, 0, 1, 1),
    slices: { site: ["a", "b", "a", "b"] },
  };
  // The third one is wrong.
  const answers = Float32Array.of(0.75, 0.25, 1, 0, 0.5, 0.5, 0, 1);

  it("measures all that a release is known by, also slice by slice", () => {
    const { task, measure } = evaluator;
    const { metrics, classes, slices } = measure(answers, test);
    expect(task).toBe("classification");
    expect(metrics).toEqual({
      accuracy: 0.75,
      f1: (4 / 5 + 2 / 3) / 2,
      f1Micro: 0.75,
      f1Weighted: (2 * (4 / 5) + 2 * (2 / 3)) / 4,
      precision: (2 / 3 + 1) / 2,
      recall: 0.75,
      minRecallPerClass: 0.5,
      logLoss: -(Math.log(0.75) + Math.log(0.5)) / 4,
      rocAuc: 1,
      ece: (0.25 + 0.5) / 4,
      minAccuracyPerSlice: 0.5,
    });
    expect(classes.map(({ label, recall }) => [label, recall])).toEqual([
      ["no", 1],
      ["yes", 0.5],
    ]);
    expect(
      slices.map(({ slice, value, count, metrics: of }) => [slice, value, count, of["accuracy"]]),
    ).toEqual([
      ["site", "a", 2, 0.5],
      ["site", "b", 2, 1],
    ]);
  });

  it("has an interval for every measure that a rule with a share can be about", () => {
    const { intervals, recalls, differences } = evaluator.spread(answers, answers, test, 1);
    expect(Object.keys(intervals)).toEqual([
      "accuracy",
      "f1",
      "precision",
      "recall",
      "minRecallPerClass",
      "rocAuc",
      "logLoss",
      "ece",
      "minAccuracyPerSlice",
    ]);
    expect(recalls[0]).toEqual({ low: 1, high: 1 });
    expect(Object.keys(differences ?? {})).toEqual(["accuracy", "f1"]);
  });

  it("leaves the area out where there is only one class", () => {
    const one = { ...test, labels: Int32Array.of(0, 0, 0, 0), slices: {} };
    const { metrics } = evaluator.measure(answers, one);
    expect(Object.keys(metrics)).not.toContain("rocAuc");
    expect(Object.keys(evaluator.spread(answers, undefined, one, 1).intervals)).not.toContain(
      "rocAuc",
    );
  });

  it("refuses answers for other classes", () => {
    expect(() => evaluator.measure(new Float32Array(12), test)).toThrow(
      "it tells 3 classes apart, and the test split has 2",
    );
  });
});

describe("the evaluator of a regressor", () => {
  const evaluator = evaluatorOf({ input, output });
  const test = { count: 2, inputs: new Float32Array(2), labels: Float32Array.of(0, 10, 4, 20) };
  const answers = Float32Array.of(1, 10, 4, 20);

  it("measures values", () => {
    expect(evaluator.task).toBe("regression");
    expect(evaluator.measure(answers, test)).toEqual({
      answers,
      metrics: {
        r2: (1 - 1 / 8 + 1) / 2,
        rmse: 0.5,
        mae: 0.25,
        maxError: 1,
        medianAbsoluteError: 0,
        meanBias: 0.25,
      },
      classes: [],
      slices: [],
    });
    const { intervals, differences } = evaluator.spread(answers, answers, test, 1);
    expect(Object.keys(intervals)).toEqual(["r2", "rmse", "mae"]);
    expect(differences?.["rmse"]).toEqual({ value: 0, low: 0, high: 0 });
  });

  it("refuses other outputs, and examples of classes", () => {
    expect(() => evaluator.measure(new Float32Array(2), test)).toThrow(
      "it gives 1 values, and the test split has 2",
    );
    const classes = { ...test, labels: Int32Array.of(0, 1, 0, 1) };
    expect(() => evaluator.measure(answers, classes)).toThrow(
      "the examples are labelled with classes; expected values",
    );
  });
});
