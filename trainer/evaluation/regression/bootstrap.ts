import type { Interval } from "@updraft/contracts/interval";
import { createRandom } from "../../random.ts";
import { bounds, differenceOf, drawing, resamples, type Difference } from "../resampling.ts";
import type { SliceGroup } from "../slices.ts";
import { r2Of, type Estimates } from "./measures.ts";

/** What one or two regressors answered for the same examples. */
export interface Estimated extends Estimates {
  /** Those of the regressor that it is compared with, `[n, outputs]`, row-major. */
  readonly rival?: Float32Array | undefined;
  readonly slices: readonly SliceGroup[];
}

/** What regressors are compared by. */
interface Scores {
  readonly r2: number;
  readonly rmse: number;
  readonly mae: number;
}

/** How far chance in the choice of examples moves what is measured on them. */
export interface RegressorSpread {
  readonly intervals: Readonly<Record<string, Interval>>;
  /** What the regressor has more than its rival; none without one. */
  readonly differences: Readonly<Record<keyof Scores, Difference>> | undefined;
}

/**
 * The spread of what is measured, by the percentile bootstrap: the examples are drawn again with
 * replacement a thousand times. Both regressors meet the same draws.
 * @see https://doi.org/10.1007/978-1-4899-4541-9 Efron and Tibshirani, chapters 8 and 13
 */
export function bootstrapEstimates(estimated: Estimated, seed: number): RegressorSpread {
  const { labels, outputs, rival, slices } = estimated;
  const count = labels.length / outputs;
  const own = scoring(estimated);
  const other = rival && scoring({ answers: rival, labels, outputs });
  const squares = squaredErrors(estimated);
  const everyone = Int32Array.from({ length: count }, (_, index) => index);
  const draw = drawing([everyone], createRandom(seed, "bootstrap"));
  const rounds: { own: Scores; rival: Scores; worst: number | undefined }[] = [];
  for (let round = 0; round < resamples; round += 1) {
    const weights = draw();
    const scores = own(weights);
    const worst = worstRmse(slices, squares, weights);
    rounds.push({ own: scores, rival: other ? other(weights) : scores, worst });
  }
  const once = new Int32Array(count).fill(1);
  const measured = { own: own(once), rival: other?.(once) };
  const of = (key: keyof Scores) => rounds.map((one) => one.own[key]);
  const gain = (key: keyof Scores) =>
    differenceOf(
      { own: measured.own[key], rival: measured.rival?.[key] ?? 0 },
      of(key),
      rounds.map((one) => one.rival[key]),
    );
  return {
    intervals: {
      r2: bounds(of("r2")),
      rmse: bounds(of("rmse")),
      mae: bounds(of("mae")),
      ...(slices.length === 0
        ? {}
        : { maxRmsePerSlice: bounds(rounds.map(({ worst }) => worst ?? 0)) }),
    },
    differences: other && { r2: gain("r2"), rmse: gain("rmse"), mae: gain("mae") },
  };
}

/** Root mean squared error of the worst slice that has examples. */
export function worstRmse(
  slices: readonly SliceGroup[],
  squares: Float64Array,
  weights: Int32Array,
): number | undefined {
  let worst: number | undefined;
  for (const { indexes } of slices) {
    let [sum, count] = [0, 0];
    for (const index of indexes) {
      const weight = weights[index] ?? 0;
      sum += weight * (squares[index] ?? 0);
      count += weight;
    }
    if (count > 0) worst = Math.max(worst ?? 0, Math.sqrt(sum / count));
  }
  return worst;
}

/** Each example's squared error, the mean over its outputs, `[n]`. */
function squaredErrors(estimates: Estimates): Float64Array {
  return meanPerExample(estimates, (error) => error * error);
}

function meanPerExample(
  { answers, labels, outputs }: Estimates,
  costOf: (error: number) => number,
): Float64Array {
  const means = new Float64Array(labels.length / outputs);
  for (const [index, label] of labels.entries()) {
    const example = Math.floor(index / outputs);
    const cost = costOf((answers[index] ?? 0) - label);
    means[example] = (means[example] ?? 0) + cost / outputs;
  }
  return means;
}

function scoring(estimates: Estimates): (weights: Int32Array) => Scores {
  const squares = squaredErrors(estimates);
  const distances = meanPerExample(estimates, Math.abs);
  return (weights) => {
    let [square, distance] = [0, 0];
    for (let index = 0; index < weights.length; index += 1) {
      const weight = weights[index] ?? 0;
      square += weight * (squares[index] ?? 0);
      distance += weight * (distances[index] ?? 0);
    }
    return {
      r2: r2Of(estimates, weights),
      rmse: Math.sqrt(square / weights.length),
      mae: distance / weights.length,
    };
  };
}
