import { describe, expect, it } from "vitest";
import { measureEstimates, measuresByOutput, r2Of } from "./measures.ts";

// Errors -1, 1, 0 and 2; the truth's mean is 5, its squared distances add up to 20.
const estimates = {
  answers: Float32Array.of(1, 5, 6, 10),
  labels: Float32Array.of(2, 4, 6, 8),
  outputs: 1,
};

describe("measureEstimates", () => {
  it("derives every measure from the errors", () => {
    expect(measureEstimates(estimates)).toEqual({
      r2: 1 - 6 / 20,
      rmse: Math.sqrt(6 / 4),
      mae: 1,
      maxError: 2,
      medianAbsoluteError: 1,
      meanBias: 0.5,
    });
  });

  it("takes the mean of two outputs' R², and all values' errors", () => {
    const two = {
      answers: Float32Array.of(1, 0, 5, 2, 6, 4, 10, 6),
      labels: Float32Array.of(2, 0, 4, 2, 6, 4, 8, 6),
      outputs: 2,
    };
    expect(measureEstimates(two)).toMatchObject({
      r2: (0.7 + 1) / 2,
      rmse: Math.sqrt(6 / 8),
      mae: 0.5,
      medianAbsoluteError: 0,
    });
    expect(measuresByOutput(two).map(({ r2, maxError }) => [r2, maxError])).toEqual([
      [0.7, 2],
      [1, 0],
    ]);
  });
});

describe("r2Of", () => {
  it("is 1 or 0 where the truth does not vary", () => {
    const constant = { labels: Float32Array.of(3, 3), outputs: 1 };
    expect(r2Of({ ...constant, answers: Float32Array.of(3, 3) })).toBe(1);
    expect(r2Of({ ...constant, answers: Float32Array.of(3, 4) })).toBe(0);
  });

  it("counts examples as often as it is told", () => {
    const repeated = {
      answers: Float32Array.of(1, 1, 10),
      labels: Float32Array.of(2, 2, 8),
      outputs: 1,
    };
    expect(r2Of(estimates, Int32Array.of(2, 0, 0, 1))).toBe(r2Of(repeated));
  });
});
