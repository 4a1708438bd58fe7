import { describe, expect, it } from "vitest";
import { gridSize, Sweep } from "./sweep.ts";

const random = { strategy: "random", trials: 4, parameters: { units: [16, 32] } };
const grid = { strategy: "grid", parameters: { units: [16, 32], dropout: [0, 0.2, 0.4] } };

/** Each problem as `place: message`. */
function problemsOf(sweep: unknown): string[] {
  const issues = Sweep.safeParse(sweep).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
}

describe("Sweep", () => {
  it("fills in what is left out", () => {
    expect(Sweep.parse(grid)).toEqual({
      ...grid,
      parallelism: 1,
      metric: "val_accuracy",
      seed: 1,
    });
    const range = { min: 0.001, max: 0.1 };
    expect(Sweep.parse({ ...random, parameters: { learningRate: range } }).parameters).toEqual({
      learningRate: { ...range, scale: "linear", integer: false },
    });
  });

  it("refuses what it does not know, and sizes that are out of bounds", () => {
    expect(problemsOf({ ...random, trials: 201, parallelism: 0, strategie: 1, seed: -1 })).toEqual([
      "trials: Too big: expected number to be <=200",
      "parallelism: Too small: expected number to be >=1",
      "seed: Too small: expected number to be >=0",
      ': Unrecognized key: "strategie"',
    ]);
  });

  it("wants to know how many trials to draw", () => {
    expect(problemsOf({ ...random, trials: undefined })).toEqual([
      "trials: random needs to be told how many trials to draw",
    ]);
  });

  it("wants lists for a grid, and not too many combinations", () => {
    expect(
      problemsOf({ ...grid, parameters: { units: { min: 1, max: 9, integer: true } } }),
    ).toEqual([
      "parameters.units: a grid needs a list of values; draw from ranges with the strategy random",
    ]);
    const many = Array.from({ length: 15 }, (_, index) => index);
    expect(problemsOf({ ...grid, parameters: { units: many, filters: many } })).toEqual([
      "parameters: the grid has 225 combinations, more than 200; shorten the lists, or draw with the strategy random",
    ]);
    expect(problemsOf({ ...grid, trials: 5 })).toEqual([
      "trials: the grid has 6 combinations, more than 5; shorten the lists, or draw with the strategy random",
    ]);
    expect(problemsOf({ ...grid, trials: 6 })).toEqual([]);
  });

  it("says of each parameter what is wrong with it", () => {
    const parameters = {
      a: 5,
      b: [],
      c: [1, 1],
      d: [[1]],
      e: { min: 1 },
      f: { min: 3, max: 3 },
      g: { min: 0, max: 1, scale: "log" },
      h: { min: 0.5, max: 2, integer: true },
      i: { min: 1, max: 2, step: 1 },
    };
    expect(problemsOf({ ...random, parameters })).toEqual([
      'parameters.a: expected a list such as [16, 32], or a range such as {"min": 1, "max": 9}',
      "parameters.b: expected at least one value",
      "parameters.c: expected each value once",
      "parameters.d: 0: expected a number, a text, true or false",
      "parameters.e: max: Invalid input: expected number, received undefined",
      "parameters.f.max: 3 is not above min, which is 3",
      "parameters.g.min: 0 has no logarithm; raise it above 0",
      "parameters.h.min: 0.5 is not whole, as integer wants it",
      'parameters.i: Unrecognized key: "step"',
    ]);
    expect(problemsOf({ ...random, parameters: {} })).toEqual([
      "parameters: expected at least one hyperparameter",
    ]);
  });
});

describe("gridSize", () => {
  it("counts the combinations", () => {
    expect(gridSize(Sweep.parse(grid).parameters)).toBe(6);
  });
});
