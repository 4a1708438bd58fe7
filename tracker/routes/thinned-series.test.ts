import { describe, expect, it } from "vitest";
import type { Metric } from "../store/runs.ts";
import { seriesOf, SeriesThinner } from "./thinned-series.ts";

function metric(step: number, value: number): Metric {
  return { key: "loss", step, value, timestamp: 1000 + step };
}

function thinned(values: readonly number[], maxPoints: number): [number, number][] {
  const thinner = new SeriesThinner(maxPoints);
  values.forEach((value, step) => thinner.add(metric(step, value)));
  return thinner.points().map(({ step, value }) => [step, value]);
}

describe("a thinned series", () => {
  it("has every value as long as there is room", () => {
    expect(thinned([3, 1, 2, 5], 4)).toEqual([
      [0, 3],
      [1, 1],
      [2, 2],
      [3, 5],
    ]);
    expect(thinned([], 4)).toEqual([]);
  });

  it("keeps the lowest and the highest of values that lie together, in their order", () => {
    expect(thinned([1, 9, 2, 3, 8, 0, 4, 5], 8)).toHaveLength(8);
    expect(thinned([1, 9, 2, 3, 8, 0, 4, 5, 6], 8)).toEqual([
      [0, 1],
      [1, 9],
      [4, 8],
      [5, 0],
      [8, 6],
    ]);
  });

  it("loses no peak of a long series, keeps its last value, and stays within its length", () => {
    const values = Array.from({ length: 100_000 }, (_, step) => Math.sin(step / 1000));
    values[54_321] = 77;
    values[99_999] = 0.123;
    const points = thinned(values, 1000);

    expect(points.length).toBeLessThanOrEqual(1000);
    expect(points.length).toBeGreaterThan(250);
    expect(points).toContainEqual([54_321, 77]);
    expect(points.at(-1)).toEqual([99_999, 0.123]);
    expect(points.map(([step]) => step)).toEqual(
      points.map(([step]) => step).toSorted((a, b) => a - b),
    );
  });

  it("keeps a NaN only where there is nothing else", () => {
    const none = Number.NaN;

    expect(thinned([none, 1, none, none, 2, 3, none, 4, 5], 8).map(([, value]) => value)).toEqual([
      1, 2, 4, 5,
    ]);
    expect(
      thinned(
        Array.from({ length: 9 }, () => none),
        8,
      ).at(-1),
    ).toEqual([8, none]);
  });

  it("goes over the wire as columns", () => {
    expect(seriesOf([metric(0, 1), metric(1, Number.NaN), metric(2, -Infinity)])).toEqual({
      steps: [0, 1, 2],
      timestamps: [1000, 1001, 1002],
      values: [1, "NaN", "-Infinity"],
    });
  });
});
