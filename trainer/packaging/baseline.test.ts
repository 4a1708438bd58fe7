import { expect, it } from "vitest";
import { inputBaseline } from "./baseline.ts";

it("describes the values over the range of the input", () => {
  const baseline = inputBaseline(
    { inputs: Uint8Array.of(0, 0, 100, 255) },
    { range: { min: 0, max: 255 } },
  );
  expect(baseline.mean).toBe(88.75);
  expect(baseline.standardDeviation).toBeCloseTo(Math.sqrt(10_879.6875), 9);
  const { shares, ...range } = baseline.histogram;
  expect(range).toEqual({ min: 0, max: 255 });
  expect(shares).toHaveLength(20);
  expect([shares[0], shares[7], shares[19]]).toEqual([0.5, 0.25, 0.25]);
});

it("takes the range of the values where the input has none", () => {
  const { histogram } = inputBaseline({ inputs: Float32Array.of(-1, 3) }, {});
  expect([histogram.min, histogram.max]).toEqual([-1, 3]);
  expect([histogram.shares[0], histogram.shares[19]]).toEqual([0.5, 0.5]);
});

it("puts equal values into one bin", () => {
  const { standardDeviation, histogram } = inputBaseline({ inputs: Float32Array.of(2, 2) }, {});
  expect(standardDeviation).toBe(0);
  expect(histogram.shares[0]).toBe(1);
});
