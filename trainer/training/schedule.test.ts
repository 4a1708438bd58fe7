import { describe, expect, it } from "vitest";
import { oneCycle } from "./schedule.ts";

describe("oneCycle", () => {
  const schedule = { learningRate: 0.1, warmUp: 0.2 };

  it("rises along a line to the highest rate and falls along a cosine to zero", () => {
    const rates = [0, 0.1, 0.2, 0.6, 1].map((progress) => oneCycle(schedule, progress));
    expect(rates.map((rate) => Number(rate.toFixed(12)))).toEqual([0.004, 0.052, 0.1, 0.05, 0]);
  });

  it("starts at the highest rate without a warm-up", () => {
    expect(oneCycle({ learningRate: 0.1, warmUp: 0 }, 0)).toBe(0.1);
  });

  it("only rises when all of it is warm-up", () => {
    expect(oneCycle({ learningRate: 1, warmUp: 1 }, 0.5)).toBe(0.52);
    expect(oneCycle({ learningRate: 1, warmUp: 1 }, 0.99)).toBeCloseTo(0.9904, 10);
  });
});
