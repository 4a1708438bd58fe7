import type { InputBaseline } from "@updraft/contracts/card";
import type { TensorSpec } from "@updraft/contracts/signature";
import type { Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";

/** Bins of a histogram over all values of an input, and over one value of each. */
const binsOfAll = 20;
const binsOfFeature = 10;

/** Most values that an input may have for each to be looked at by itself. */
const mostFeatures = 256;

/** Statistics of some values. */
export type Statistics = Omit<InputBaseline, "features">;

type Values = Examples["inputs"] | Examples["labels"];

/** A histogram's ends, and how many equal bins there are between them. */
interface Bins {
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** What later data is compared with: the statistics of inputs and labels, by their names. */
export function dataBaseline(
  train: Examples,
  { input, output }: Pick<ModelDefinition, "input" | "output">,
): Record<string, InputBaseline> {
  return {
    [input.name]: { ...inputBaseline(train, input), ...featuresOf(train, input) },
    [output.name]: labelBaseline(train, output),
  };
}

/** The statistics of an input's values over examples, between the ends of its range. */
export function inputBaseline(
  { inputs }: Pick<Examples, "inputs">,
  { range }: Pick<TensorSpec, "range">,
): Statistics {
  return statistics(inputs, { ...(range ?? extremes(inputs)), count: binsOfAll });
}

/** Of a classifier the shares of its classes, a bin for each. */
function labelBaseline({ labels }: Examples, { labels: classes }: TensorSpec): Statistics {
  if (classes) return statistics(labels, { min: 0, max: classes.length, count: classes.length });
  return statistics(labels, { ...extremes(labels), count: binsOfAll });
}

/** Statistics of each value by itself, where an input is a row of not too many numbers. */
function featuresOf(
  { inputs, count }: Examples,
  { shape }: TensorSpec,
): Pick<InputBaseline, "features"> {
  const [, width = 1, ...more] = shape;
  if (more.length > 0 || width > mostFeatures) return {};
  const features = Array.from({ length: width }, (_, at) => {
    const values = column(inputs, count, at);
    return statistics(values, { ...extremes(values), count: binsOfFeature });
  });
  return { features };
}

/** One value of every example. */
export function column(inputs: Examples["inputs"], count: number, at: number): Float32Array {
  const width = inputs.length / count;
  return Float32Array.from({ length: count }, (_, row) => inputs[row * width + at] ?? 0);
}

/**
 * How many of some values are in each bin; the first and the last number are of those below and
 * above all bins.
 */
export function countsIn(values: Values, bins: Bins): number[] {
  return binned(tally(values), bins);
}

function binned({ distinct, times }: Tally, { min, max, count }: Bins): number[] {
  const counts = Array.from({ length: count + 2 }, () => 0);
  const scale = max > min ? count / (max - min) : 0;
  for (let at = 0; at < distinct.length; at += 1) {
    const value = distinct[at] ?? 0;
    const inside = Math.min(count, 1 + Math.floor((value - min) * scale));
    const bin = value < min ? 0 : value > max ? count + 1 : inside;
    counts[bin] = (counts[bin] ?? 0) + (times?.[at] ?? 1);
  }
  return counts;
}

function statistics(values: Values, bins: Bins): Statistics {
  let sum = 0;
  let squares = 0;
  const tallied = tally(values);
  const { distinct, times } = tallied;
  for (let at = 0; at < distinct.length; at += 1) {
    const value = distinct[at] ?? 0;
    const total = value * (times?.[at] ?? 1);
    sum += total;
    squares += value * total;
  }
  const mean = sum / values.length;
  const { min, max } = bins;
  const [below = 0, ...counts] = binned(tallied, bins);
  const above = counts.pop() ?? 0;
  counts[0] = (counts[0] ?? 0) + below;
  counts[bins.count - 1] = (counts[bins.count - 1] ?? 0) + above;
  return {
    mean,
    standardDeviation: Math.sqrt(Math.max(0, squares / values.length - mean * mean)),
    histogram: { min, max, shares: counts.map((count) => count / values.length) },
  };
}

/** Values, and how often each is there; once if nothing is said. */
interface Tally {
  readonly distinct: Values;
  readonly times?: Uint32Array;
}

/** Bytes are of few kinds, however many pixels there are. */
function tally(values: Values): Tally {
  if (!(values instanceof Uint8Array)) return { distinct: values };
  const times = new Uint32Array(256);
  // An index, not an iterator: there may be a hundred million values.
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0;
    times[value] = (times[value] ?? 0) + 1;
  }
  return { distinct: Uint8Array.from(times.keys()), times };
}

function extremes(values: Values): { readonly min: number; readonly max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max };
}
