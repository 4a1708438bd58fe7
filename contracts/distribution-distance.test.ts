import { describe, expect, it } from "vitest";
import { kolmogorovSmirnov, populationStability } from "./distribution-distance.ts";

describe("populationStability", () => {
  it("is the sum over the bins of the change of share times the change of its logarithm", () => {
    expect(populationStability([0.5, 0.5], [0.5, 0.5], 1000)).toBe(0);
    expect(populationStability([0.5, 0.5], [0.25, 0.75], 1000)).toBeCloseTo(
      -0.25 * Math.log(0.5) + 0.25 * Math.log(1.5),
      12,
    );
  });

  it("takes an empty bin for one with half a value in it, at least", () => {
    expect(populationStability([0, 1], [0.1, 0.9], 100)).toBeCloseTo(
      0.095 * Math.log(0.1 / 0.005) + (0.9 - 1) * Math.log(0.9),
      12,
    );
    expect(populationStability([0, 1], [0.1, 0.9], 1e6)).toBeCloseTo(
      0.0999 * Math.log(0.1 / 0.0001) + (0.9 - 1) * Math.log(0.9),
      12,
    );
  });
});

describe("kolmogorovSmirnov", () => {
  it("is the greatest difference of what is below a bin's end", () => {
    expect(kolmogorovSmirnov([0.5, 0.5], [0.5, 0.5])).toBe(0);
    expect(kolmogorovSmirnov([0.5, 0.25, 0.25], [0.25, 0.25, 0.5])).toBe(0.25);
    expect(kolmogorovSmirnov([1, 0, 0], [0, 0, 1])).toBe(1);
  });
});
