import { answersOf, ratio } from "./measures.ts";

/** Examples whose answers the network was about equally sure of; shares of 1. */
export interface CalibrationBin {
  /** From just above this confidence … */
  readonly low: number;
  /** … to this one. */
  readonly high: number;
  readonly count: number;
  /** Mean probability of the answers; 0 without examples. */
  readonly confidence: number;
  /** Share of right answers; 0 without examples. */
  readonly accuracy: number;
}

const bins = 15;

/** Each example's confidence, bin, and whether its answer is right. */
export interface Confidences {
  /** Probability of the answer, `[n]`. */
  readonly confidence: Float32Array;
  /** Index of the bin, `[n]`. */
  readonly binOf: Int32Array;
  /** 1 or 0, `[n]`. */
  readonly isRight: Uint8Array;
}

/** @param probabilities `[n, classes]`, row-major */
export function confidencesOf(probabilities: Float32Array, labels: Int32Array): Confidences {
  const classes = probabilities.length / labels.length;
  const answers = answersOf(probabilities, classes);
  const confidence = Float32Array.from(
    answers,
    (answer, index) => probabilities[index * classes + answer] ?? 0,
  );
  return {
    confidence,
    binOf: Int32Array.from(confidence, (one) =>
      Math.min(bins - 1, Math.max(0, Math.ceil(one * bins) - 1)),
    ),
    isRight: Uint8Array.from(answers, (answer, index) => Number(answer === labels[index])),
  };
}

/** How sure the network was, and how often it was right then: the reliability diagram's table. */
export function calibrationOf(all: Confidences): CalibrationBin[] {
  const { counts, confidences, rights } = sumsOf(all);
  return Array.from(counts, (count, bin) => ({
    low: bin / bins,
    high: (bin + 1) / bins,
    count,
    confidence: ratio(confidences[bin] ?? 0, count),
    accuracy: ratio(rights[bin] ?? 0, count),
  }));
}

/**
 * The expected calibration error: how far confidence and accuracy are apart in a bin, the mean over
 * the examples; 15 bins of equal width.
 * @param weights how often each example counts, `[n]`. @default once
 * @see https://arxiv.org/abs/1706.04599 Guo et al., On calibration of modern neural networks
 */
export function calibrationError(all: Confidences, weights?: Int32Array): number {
  const { counts, confidences, rights } = sumsOf(all, weights);
  let [error, total] = [0, 0];
  for (const [bin, count] of counts.entries()) {
    error += Math.abs((confidences[bin] ?? 0) - (rights[bin] ?? 0));
    total += count;
  }
  return ratio(error, total);
}

function sumsOf({ confidence, binOf, isRight }: Confidences, weights?: Int32Array) {
  const counts = new Float64Array(bins);
  const confidences = new Float64Array(bins);
  const rights = new Float64Array(bins);
  for (let index = 0; index < binOf.length; index += 1) {
    const weight = weights ? (weights[index] ?? 0) : 1;
    const bin = binOf[index] ?? 0;
    counts[bin] = (counts[bin] ?? 0) + weight;
    confidences[bin] = (confidences[bin] ?? 0) + weight * (confidence[index] ?? 0);
    rights[bin] = (rights[bin] ?? 0) + weight * (isRight[index] ?? 0);
  }
  return { counts, confidences, rights };
}
