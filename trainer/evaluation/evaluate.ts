import { classified, type Examples } from "@updraft/models/dataset";
import type { PackagedNetwork } from "../packaging/serialize.ts";
import { predict } from "../training/predict.ts";
import { latencyP95Ms } from "./latency.ts";
import { measure, type Measures } from "./measures.ts";

/** What a network did on the test split. */
export interface Evaluation extends Measures {
  /** Its answers, `[n, classes]`, row-major. */
  readonly probabilities: Float32Array;
  /** 95th percentile of the time to answer one instance, in milliseconds. */
  readonly latencyP95Ms: number;
}

/** Judges a network on examples that it has not seen. */
export async function evaluate(
  network: PackagedNetwork,
  test: Examples,
  labels: readonly string[],
  signal: AbortSignal,
): Promise<Evaluation> {
  const probabilities = await predict(network, test, signal);
  return {
    ...measure(probabilities, classified(test).labels, labels),
    probabilities,
    latencyP95Ms: await latencyP95Ms(network, test, signal),
  };
}
