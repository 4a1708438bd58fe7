/** How well one output of a regressor is estimated, or all of them; errors in the output's unit. */
export interface RegressionMeasures {
  /**
   * The share of the variance that is explained; 1 is the best, 0 is to answer the mean. Of values
   * that are all equal 1 if every answer is right, and else 0.
   */
  readonly r2: number;
  /** Root of the mean squared error. */
  readonly rmse: number;
  /** Mean absolute error. */
  readonly mae: number;
  /** Largest absolute error. */
  readonly maxError: number;
  readonly medianAbsoluteError: number;
  /** Mean of what the answers have more than the truth. */
  readonly meanBias: number;
}

/** Answers beside the truth, `[n, outputs]`, row-major. */
export interface Estimates {
  readonly answers: Float32Array;
  readonly labels: Float32Array;
  readonly outputs: number;
}

/** Measures all outputs together: R² as the plain mean of the outputs', errors over all values. */
export function measureEstimates(estimates: Estimates): RegressionMeasures {
  const errors = errorsOf(estimates);
  const distances = errors.map(Math.abs).toSorted((a, b) => a - b);
  return {
    r2: r2Of(estimates),
    rmse: Math.sqrt(mean(errors.map((error) => error * error))),
    mae: mean(distances),
    maxError: distances.at(-1) ?? 0,
    medianAbsoluteError: medianOf(distances),
    meanBias: mean(errors),
  };
}

/** Measures each output by itself. */
export function measuresByOutput({ answers, labels, outputs }: Estimates): RegressionMeasures[] {
  const column = (values: Float32Array, output: number) =>
    values.filter((_, index) => index % outputs === output);
  return Array.from({ length: outputs }, (_, output) =>
    measureEstimates({
      answers: column(answers, output),
      labels: column(labels, output),
      outputs: 1,
    }),
  );
}

/** What each answer has more than the truth, `[n · outputs]`. */
export function errorsOf({ answers, labels }: Estimates): number[] {
  return Array.from(labels, (label, index) => (answers[index] ?? 0) - label);
}

/**
 * @param weights how often each example counts, `[n]`. @default once
 * @see https://scikit-learn.org/stable/modules/model_evaluation.html#r2-score
 */
export function r2Of({ answers, labels, outputs }: Estimates, weights?: Int32Array): number {
  let total = 0;
  for (let output = 0; output < outputs; output += 1) {
    let [count, sum] = [0, 0];
    for (let index = output; index < labels.length; index += outputs) {
      const weight = weights ? (weights[(index - output) / outputs] ?? 0) : 1;
      count += weight;
      sum += weight * (labels[index] ?? 0);
    }
    const middle = sum / count;
    let [unexplained, variance] = [0, 0];
    for (let index = output; index < labels.length; index += outputs) {
      const weight = weights ? (weights[(index - output) / outputs] ?? 0) : 1;
      const label = labels[index] ?? 0;
      unexplained += weight * ((answers[index] ?? 0) - label) ** 2;
      variance += weight * (label - middle) ** 2;
    }
    total += variance === 0 ? Number(unexplained === 0) : 1 - unexplained / variance;
  }
  return total / outputs;
}

function medianOf(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
