import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { bootstrapEstimates } from "./bootstrap.ts";
import { measureEstimates } from "./measures.ts";

/** Values from 0 to 9; one regressor is off by up to 1, its rival by up to 2. */
function twoRegressors(count: number) {
  const labels = Float32Array.from({ length: count }, (_, index) => index % 10);
  const off = (most: number, step: number) =>
    labels.map((label, index) => label + most * ((index * step) % 7) * 0.25 - most * 0.75);
  return { labels, answers: off(1, 3), rival: off(2, 5), outputs: 1, slices: [] };
}

function bounds(values: readonly number[]) {
  const sorted = values.map((value) => Number(value.toFixed(12))).toSorted((a, b) => a - b);
  return { low: sorted[25], high: sorted[974] };
}

/** The drawn values. */
function at(values: Float32Array, draw: readonly number[]): Float32Array {
  return Float32Array.from(draw, (index) => values[index] ?? 0);
}

describe("bootstrapEstimates", () => {
  it("gives what a thousand draws give that are measured one by one", () => {
    const all = twoRegressors(60);
    const random = createRandom(7, "bootstrap");
    const draws = Array.from({ length: 1000 }, () =>
      Array.from({ length: 60 }, () => Math.floor(random() * 60)),
    );
    const measured = (of: Float32Array) =>
      draws.map((draw) =>
        measureEstimates({ answers: at(of, draw), labels: at(all.labels, draw), outputs: 1 }),
      );
    const [own, rivals] = [measured(all.answers), measured(all.rival)];
    const { intervals, differences } = bootstrapEstimates(all, 7);
    for (const key of ["r2", "rmse", "mae"] as const) {
      expect(intervals[key]).toEqual(bounds(own.map((one) => one[key])));
      expect(differences?.[key]).toMatchObject(
        bounds(own.map((one, index) => one[key] - (rivals[index]?.[key] ?? 0))),
      );
    }
    const { rival, ...rest } = all;
    expect(differences?.r2.value).toBeCloseTo(
      measureEstimates(rest).r2 - measureEstimates({ ...rest, answers: rival }).r2,
      12,
    );
  });

  it("gives the same with a rival or without, and other numbers for another seed", () => {
    const { rival, ...alone } = twoRegressors(100);
    const { intervals } = bootstrapEstimates({ ...alone, rival }, 1);
    expect(bootstrapEstimates(alone, 1)).toEqual({ intervals, differences: undefined });
    expect(bootstrapEstimates(alone, 2).intervals).not.toEqual(intervals);
  });

  it("bounds the error of the worst slice", () => {
    const labels = new Float32Array(20);
    const answers = labels.map((_, index) => (index < 10 ? 3 : 1));
    const indexes = Int32Array.from({ length: 10 }, (_, index) => index);
    const slices = [
      { slice: "site", value: "a", indexes },
      { slice: "site", value: "b", indexes: indexes.map((index) => index + 10) },
    ];
    const { intervals } = bootstrapEstimates({ labels, answers, outputs: 1, slices }, 1);
    expect(intervals["maxRmsePerSlice"]).toEqual({ low: 3, high: 3 });
  });
});
