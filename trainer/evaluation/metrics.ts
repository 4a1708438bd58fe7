import type { Evaluation } from "./evaluate.ts";
import type { Measures } from "./measures.ts";

/**
 * The numbers a package is known by, in the tracker, on its card and in the release: shares of 1
 * on the test split, times in milliseconds, sizes in bytes.
 */
export function releaseMetrics(evaluation: Evaluation, sizeBytes: number): Record<string, number> {
  const { latencyP95Ms } = evaluation;
  return { ...qualityMetrics(evaluation), latencyP95Ms, sizeBytes };
}

/** Those that are the same on every machine and at every time. */
export function qualityMetrics(measures: Measures): Record<string, number> {
  const { accuracy, f1, precision, recall, logLoss, classes } = measures;
  return {
    accuracy,
    f1,
    precision,
    recall,
    minRecallPerClass: Math.min(...classes.map((one) => one.recall)),
    logLoss,
  };
}
