import type { InputBaseline } from "@updraft/contracts/card";
import type { TensorSpec } from "@updraft/contracts/signature";
import type { Examples } from "@updraft/models/dataset";

const bins = 20;

/** The statistics of an input's values over examples, between the ends of its range. */
export function inputBaseline(
  { inputs }: Pick<Examples, "inputs">,
  { range }: Pick<TensorSpec, "range">,
): InputBaseline {
  const { min, max } = range ?? extremes(inputs);
  const counts = Array.from({ length: bins }, () => 0);
  const scale = max > min ? bins / (max - min) : 0;
  let sum = 0;
  let squares = 0;
  for (const value of inputs) {
    sum += value;
    squares += value * value;
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((value - min) * scale)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const mean = sum / inputs.length;
  return {
    mean,
    standardDeviation: Math.sqrt(Math.max(0, squares / inputs.length - mean * mean)),
    histogram: { min, max, shares: counts.map((count) => count / inputs.length) },
  };
}

function extremes(values: Examples["inputs"]): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max };
}
