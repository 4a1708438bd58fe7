import type { Digest } from "@updraft/contracts/digest";
import { packageSizeBytes, readPackage } from "@updraft/contracts/model-package";
import type { Examples } from "@updraft/models/dataset";
import type { Evaluation, Evaluator } from "../evaluation/evaluator.ts";
import { answersOf } from "../evaluation/judge.ts";
import type { RegisteredVersion } from "../tracking/tracking.ts";
import type { Champion } from "./gate.ts";

/** What is known of the candidate that wants to replace the champion. */
export interface Contender extends Evaluation {
  readonly digest: Digest;
}

/** The version that serves, as it does on the test split of this run. */
export interface MeasuredChampion extends Champion {
  /** Its answers, `[n, outputs]`, row-major. */
  readonly answers: Float32Array;
}

/**
 * Measures the version that serves on the test split of this run.
 * @throws if its package cannot be read, or does not fit the test split
 */
export async function measureChampion(
  { version, digest, uri }: Pick<RegisteredVersion, "version" | "digest" | "uri">,
  test: Examples,
  contender: Contender,
  evaluator: Evaluator,
  signal: AbortSignal,
): Promise<MeasuredChampion> {
  if (digest === contender.digest) {
    const { answers, metrics } = contender;
    return { version, digest, metrics: withoutSpeed(metrics), answers };
  }
  const content = await readPackage(uri, digest);
  const { answers, metrics } = evaluator.measure(await answersOf(content, test, signal), test);
  const sizeBytes = packageSizeBytes(content);
  return { version, digest, metrics: { ...metrics, sizeBytes }, answers };
}

/** A champion's speed is not measured again. */
function withoutSpeed(metrics: Readonly<Record<string, number>>): Record<string, number> {
  const {
    latencyP50Ms: _median,
    latencyP95Ms: _p95,
    throughputPerSecond: _rate,
    ...rest
  } = metrics;
  return rest;
}
