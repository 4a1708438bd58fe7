import { Sweep } from "@updraft/contracts/sweep";
import { describe, expect, it } from "vitest";
import { planTrials } from "./plan-trials.ts";

const plan = (sweep: object) => planTrials(Sweep.parse(sweep));

describe("planTrials", () => {
  it("gives every combination of a grid, whatever the order of the parameters", () => {
    const trials = [
      { dropout: 0, units: 16 },
      { dropout: 0, units: 32 },
      { dropout: 0.2, units: 16 },
      { dropout: 0.2, units: 32 },
    ];
    const [units, dropout] = [
      [16, 32],
      [0, 0.2],
    ];
    expect(plan({ strategy: "grid", parameters: { units, dropout } })).toEqual(trials);
    expect(plan({ strategy: "grid", parameters: { dropout, units } })).toEqual(trials);
  });

  it("draws the same trials for the same seed, and others for another", () => {
    const sweep = {
      strategy: "random",
      trials: 3,
      parameters: {
        learningRate: { min: 0.0001, max: 0.1, scale: "log" },
        units: { min: 16, max: 256, integer: true },
        activation: ["relu", "elu"],
      },
    };
    expect(plan(sweep)).toEqual([
      { activation: "elu", learningRate: 0.0230061, units: 185 },
      { activation: "elu", learningRate: 0.000209434, units: 145 },
      { activation: "elu", learningRate: 0.0163214, units: 120 },
    ]);
    expect(plan({ ...sweep, trials: 2 })).toEqual(plan(sweep).slice(0, 2));
    expect(plan({ ...sweep, seed: 2 })).not.toEqual(plan(sweep));
  });

  it("draws one parameter as before when another is added", () => {
    const units = { min: 16, max: 256, integer: true };
    const one = plan({ strategy: "random", trials: 5, parameters: { units } });
    const dropout = { min: 0, max: 0.5 };
    const two = plan({ strategy: "random", trials: 5, parameters: { dropout, units } });
    expect(two.map((trial) => trial["units"])).toEqual(one.map((trial) => trial["units"]));
  });

  it("stays within the ranges and reaches their ends", () => {
    const trials = plan({
      strategy: "random",
      trials: 200,
      parameters: {
        whole: { min: 1, max: 3, integer: true },
        logWhole: { min: 1, max: 4, integer: true, scale: "log" },
        linear: { min: -1, max: 1 },
        log: { min: 0.001, max: 1, scale: "log" },
      },
    });
    const valuesOf = (name: string) => trials.map((trial) => Number(trial[name]));
    expect(new Set(valuesOf("whole"))).toEqual(new Set([1, 2, 3]));
    expect(new Set(valuesOf("logWhole"))).toEqual(new Set([1, 2, 3, 4]));
    for (const [name, min, max] of [
      ["linear", -1, 1],
      ["log", 0.001, 1],
    ] as const) {
      expect(Math.min(...valuesOf(name))).toBeGreaterThanOrEqual(min);
      expect(Math.max(...valuesOf(name))).toBeLessThanOrEqual(max);
    }
    const small = valuesOf("log").filter((value) => value < 0.01).length;
    expect(small).toBeGreaterThan(40);
    expect(small).toBeLessThan(90);
  });

  it("never tries the same twice, and says so if there are not enough different ones", () => {
    const sweep = { strategy: "random", trials: 6, parameters: { a: [1, 2, 3], b: [true, false] } };
    expect(new Set(plan(sweep).map((trial) => JSON.stringify(trial))).size).toBe(6);
    expect(() => plan({ ...sweep, trials: 7 })).toThrow(
      "the parameters give 6 different trials; lower trials, or give more values",
    );
  });
});
