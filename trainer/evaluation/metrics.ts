import type { Evaluation } from "./evaluate.ts";

/**
 * The numbers a package is known by, in the tracker, on its card and in the release: shares of 1
 * on the test split, times in milliseconds, sizes in bytes.
 */
export function releaseMetrics(evaluation: Evaluation, sizeBytes: number): Record<string, number> {
  const { accuracy, f1, precision, recall, logLoss, latencyP95Ms, classes } = evaluation;
  return {
    accuracy,
    f1,
    precision,
    recall,
    minRecallPerClass: Math.min(...classes.map((one) => one.recall)),
    logLoss,
    latencyP95Ms,
    sizeBytes,
  };
}
