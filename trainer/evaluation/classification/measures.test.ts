import { describe, expect, it } from "vitest";
import { accuracy, answersOf, logLoss, logLossError, measure } from "./measures.ts";

// Five examples of three classes: right, right, 1 taken for 2, right, 2 taken for 0.
const rows = [
  [0.75, 0.25, 0],
  [0.5, 0.25, 0.25],
  [0, 0.25, 0.75],
  [0.25, 0.5, 0.25],
  [0.5, 0.25, 0.25],
];
const probabilities = Float32Array.from(rows.flat());
const labels = Int32Array.of(0, 0, 1, 1, 2);

describe("measure", () => {
  it("counts the confusion and derives every measure from it", () => {
    expect(measure(probabilities, labels, ["a", "b", "c"])).toEqual({
      count: 5,
      accuracy: 3 / 5,
      logLoss:
        -(Math.log(0.75) + Math.log(0.5) + Math.log(0.25) + Math.log(0.5) + Math.log(0.25)) / 5,
      precision: (2 / 3 + 1 + 0) / 3,
      recall: (1 + 1 / 2 + 0) / 3,
      f1: (4 / 5 + 2 / 3 + 0) / 3,
      weighted: {
        precision: (2 * (2 / 3) + 2 * 1) / 5,
        recall: (2 * 1 + 2 * (1 / 2)) / 5,
        f1: (2 * (4 / 5) + 2 * (2 / 3)) / 5,
      },
      micro: { precision: 3 / 5, recall: 3 / 5, f1: 3 / 5 },
      classes: [
        { label: "a", precision: 2 / 3, recall: 1, f1: 4 / 5, support: 2 },
        { label: "b", precision: 1, recall: 1 / 2, f1: 2 / 3, support: 2 },
        { label: "c", precision: 0, recall: 0, f1: 0, support: 1 },
      ],
      confusion: [
        [2, 0, 0],
        [0, 1, 1],
        [1, 0, 0],
      ],
    });
  });

  it("gives zeros for a class that neither is nor was answered", () => {
    const { classes } = measure(Float32Array.of(1, 0), Int32Array.of(0), ["a", "b"]);
    expect(classes[1]).toEqual({ label: "b", precision: 0, recall: 0, f1: 0, support: 0 });
  });
});

describe("answersOf", () => {
  it("takes the likeliest class, and the first of equal ones", () => {
    expect([...answersOf(Float32Array.of(0.2, 0.4, 0.4, 0.1, 0.2, 0.7), 3)]).toEqual([1, 2]);
  });
});

describe("accuracy and logLoss", () => {
  it("agree with the full measures", () => {
    const all = measure(probabilities, labels, ["a", "b", "c"]);
    expect(accuracy(probabilities, labels)).toBe(all.accuracy);
    expect(logLoss(probabilities, labels)).toBe(all.logLoss);
  });

  it("stay finite for a class that was held impossible", () => {
    expect(logLoss(Float32Array.of(0, 1), Int32Array.of(0))).toBeCloseTo(34.54, 2);
  });

  it("give the standard error of the loss", () => {
    // Losses ln 2 and ln 4: their standard deviation is ln 2 / √2, that of their mean ln 2 / 2.
    const two = Float32Array.of(0.5, 0.5, 0.25, 0.75);
    expect(logLossError(two, Int32Array.of(0, 0))).toBeCloseTo(Math.LN2 / 2, 12);
  });
});
