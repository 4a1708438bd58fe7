import { describe, expect, it } from "vitest";
import { batches, stepsPerEpoch } from "./batches.ts";

const examples = {
  count: 5,
  inputs: Uint8Array.of(0, 1, 10, 11, 20, 21, 30, 31, 40, 41),
  labels: Int32Array.of(0, 1, 2, 3, 4),
};

const double = (source: ArrayLike<number>, target: Float32Array) =>
  target.set(Array.from(source, (value) => 2 * value));

describe("batches", () => {
  it("goes through the examples in the given order, in whole batches", () => {
    const order = Int32Array.of(4, 2, 0, 1, 3);
    const all = [...batches(examples, order, 2, (source, target) => target.set(source))];
    expect(all).toEqual([
      { count: 2, inputs: Float32Array.of(40, 41, 20, 21), labels: Int32Array.of(4, 2) },
      { count: 2, inputs: Float32Array.of(0, 1, 10, 11), labels: Int32Array.of(0, 1) },
    ]);
  });

  it("prepares each input on its way", () => {
    const order = Int32Array.of(1, 0, 2, 3, 4);
    expect(batches(examples, order, 1, double).next().value).toEqual({
      count: 1,
      inputs: Float32Array.of(20, 22),
      labels: Int32Array.of(1),
    });
  });

  it("makes one smaller batch of fewer examples than one needs", () => {
    const order = Int32Array.of(0, 1, 2, 3, 4);
    const all = [...batches(examples, order, 8, (source, target) => target.set(source))];
    expect(all.map(({ count }) => count)).toEqual([5]);
    expect(stepsPerEpoch(5, 8)).toBe(1);
  });
});
