import { describe, expect, it } from "vitest";
import { afterEpoch, createSchedule, learningRate, type ScheduleOptions } from "./schedule.ts";

const options = (changes: Partial<ScheduleOptions>): ScheduleOptions => ({
  schedule: "oneCycle",
  learningRate: 0.1,
  warmUp: 0,
  decayFactor: 0.5,
  decayEpochs: 2,
  ...changes,
});

/** The rates at some points of a training of ten epochs, to 12 decimals. */
function rates(changes: Partial<ScheduleOptions>, points: readonly number[]): number[] {
  return points.map((progress) => {
    const epoch = Math.floor(progress * 10) + 1;
    const rate = learningRate(options(changes), { epoch, progress, reductions: 0 });
    return Number(rate.toFixed(12));
  });
}

describe("oneCycle", () => {
  it("rises along a line to the highest rate and falls along a cosine to zero", () => {
    const changes = { warmUp: 0.2 };
    expect(rates(changes, [0, 0.1, 0.2, 0.6, 1])).toEqual([0.004, 0.052, 0.1, 0.05, 0]);
  });

  it("starts at the highest rate without a warm-up", () => {
    expect(rates({}, [0])).toEqual([0.1]);
  });

  it("only rises when all of it is warm-up", () => {
    expect(rates({ learningRate: 1, warmUp: 1 }, [0.5, 0.99])).toEqual([0.52, 0.9904]);
  });
});

describe("the other schedules", () => {
  it("stay, step down, or fall along a cosine over all of the training", () => {
    expect(rates({ schedule: "constant" }, [0, 0.5, 0.99])).toEqual([0.1, 0.1, 0.1]);
    expect(rates({ schedule: "step" }, [0, 0.19, 0.2, 0.45])).toEqual([0.1, 0.1, 0.05, 0.025]);
    expect(rates({ schedule: "cosine" }, [0, 0.5, 1])).toEqual([0.1, 0.05, 0]);
  });

  it("rise to what they would be in a warm-up", () => {
    expect(rates({ schedule: "constant", warmUp: 0.5 }, [0, 0.25, 0.5])).toEqual([
      0.004, 0.052, 0.1,
    ]);
    expect(rates({ schedule: "cosine", warmUp: 0.6 }, [0.5, 0.6])).toEqual([0.042, 0.034549150281]);
  });
});

describe("reduceOnPlateau", () => {
  const losses = [1, 0.9, 0.9, 0.95, 0.8, 0.8, 0.8, 0.8, 0.8];

  it("lowers the rate after so many epochs in a row without a lower loss", () => {
    const schedule = createSchedule(options({ schedule: "reduceOnPlateau" }));
    const seen = losses.map((loss, index) => {
      schedule.observe(loss);
      return schedule.rate(index + 2, 0.5);
    });
    expect(seen).toEqual([0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.0125]);
  });

  it("goes on where it was left", () => {
    const first = createSchedule(options({ schedule: "reduceOnPlateau" }));
    for (const loss of losses.slice(0, 6)) first.observe(loss);
    const second = createSchedule(options({ schedule: "reduceOnPlateau" }));
    second.restore(first.save());
    second.observe(0.8);
    expect(second.rate(8, 0.5)).toBe(0.025);
  });

  it("counts again after a lower loss", () => {
    const later = afterEpoch({ reductions: 1, age: 1, lowest: 0.5 }, 0.4, { decayEpochs: 2 });
    expect(later).toEqual({ reductions: 1, age: 0, lowest: 0.4 });
  });
});
