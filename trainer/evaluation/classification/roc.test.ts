import { describe, expect, it } from "vitest";
import { areaOf, meanArea, rankings, rocOf } from "./roc.ts";

/** Probabilities of the second of two classes. */
function ofTwo(...second: number[]): Float32Array {
  return Float32Array.from(second.flatMap((value) => [1 - value, value]));
}

describe("rocOf", () => {
  it("has the area and the corners of each class's curve", () => {
    // Of the four pairs three are in order: 0.75 and 0.5 above 0.25, 0.75 above 0.625.
    const roc = rocOf(ofTwo(0.25, 0.625, 0.5, 0.75), Int32Array.of(0, 0, 1, 1), ["no", "yes"]);
    expect(roc.map(({ label, auc }) => [label, auc])).toEqual([
      ["no", 0.75],
      ["yes", 0.75],
    ]);
    expect(roc[1]?.curve).toEqual([
      { falsePositiveRate: 0, truePositiveRate: 0 },
      { falsePositiveRate: 0, truePositiveRate: 0.5 },
      { falsePositiveRate: 0.5, truePositiveRate: 0.5 },
      { falsePositiveRate: 0.5, truePositiveRate: 1 },
      { falsePositiveRate: 1, truePositiveRate: 1 },
    ]);
  });

  it("counts a tie half, and draws it as one line", () => {
    const roc = rocOf(ofTwo(0.5, 0.5, 0.5), Int32Array.of(0, 1, 1), ["no", "yes"]);
    expect(roc[1]).toEqual({
      label: "yes",
      auc: 0.5,
      curve: [
        { falsePositiveRate: 0, truePositiveRate: 0 },
        { falsePositiveRate: 1, truePositiveRate: 1 },
      ],
    });
  });

  it("keeps no more points than a picture shows", () => {
    // Every second example in the order is of the class: 1,000 corners.
    const probabilities = ofTwo(...Array.from({ length: 1000 }, (_, index) => 1 - index / 1000));
    const labels = Int32Array.from({ length: 1000 }, (_, index) => index % 2);
    const [, roc] = rocOf(probabilities, labels, ["no", "yes"]);
    expect(roc?.curve).toHaveLength(500);
    expect(roc?.curve[0]).toEqual({ falsePositiveRate: 0, truePositiveRate: 0 });
    expect(roc?.curve.at(-1)).toEqual({ falsePositiveRate: 1, truePositiveRate: 1 });
  });

  it("has no area for a class of which there is no example, or nothing else", () => {
    const roc = rocOf(ofTwo(0.25, 0.75), Int32Array.of(0, 0), ["no", "yes"]);
    expect(roc).toEqual([
      { label: "no", auc: undefined, curve: [] },
      { label: "yes", auc: undefined, curve: [] },
    ]);
  });
});

describe("areas with weights", () => {
  const probabilities = ofTwo(0.25, 0.625, 0.5, 0.75);
  const labels = Int32Array.of(0, 0, 1, 1);

  it("are those of the examples repeated", () => {
    const repeated = rankings(
      ofTwo(0.25, 0.625, 0.625, 0.5, 0.5, 0.5),
      Int32Array.of(0, 0, 0, 1, 1, 1),
    );
    const [first, second] = rankings(probabilities, labels);
    const weights = Int32Array.of(1, 2, 3, 0);
    expect(second && areaOf(second, weights)).toBe(1 / 3);
    expect(first && areaOf(first, weights)).toBe(repeated[0] && areaOf(repeated[0]));
    expect(meanArea(rankings(probabilities, labels), weights)).toBe(1 / 3);
  });

  it("are none if one side has no weight", () => {
    const all = rankings(probabilities, labels);
    expect(meanArea(all, Int32Array.of(1, 1, 0, 0))).toBeUndefined();
  });
});
