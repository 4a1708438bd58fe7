import type { Digest } from "@updraft/contracts/digest";
import { packageSizeBytes, readPackage } from "@updraft/contracts/model-package";
import { classified, type Examples } from "@updraft/models/dataset";
import { measure, type Measures } from "../evaluation/measures.ts";
import { qualityMetrics } from "../evaluation/metrics.ts";
import { deserialize } from "../packaging/serialize.ts";
import type { RegisteredVersion } from "../tracking/tracking.ts";
import { predict } from "../training/predict.ts";
import type { Champion } from "./gate.ts";

/** What is known of the candidate that wants to replace the champion. */
export interface Contender extends Measures {
  readonly digest: Digest;
  /** Its answers for the test split, `[n, classes]`, row-major. */
  readonly probabilities: Float32Array;
  readonly sizeBytes: number;
}

/** The version that serves, as it does on the test split of this run. */
export interface MeasuredChampion extends Champion {
  readonly digest: Digest;
  readonly metrics: Readonly<Record<string, number>>;
  /** Its answers, `[n, classes]`, row-major. */
  readonly probabilities: Float32Array;
}

/**
 * Measures the version that serves on the test split of this run.
 * @throws if its package cannot be read, or does not fit the test split
 */
export async function measureChampion(
  version: RegisteredVersion,
  test: Examples,
  contender: Contender,
  signal: AbortSignal,
): Promise<MeasuredChampion> {
  const { digest, uri } = version;
  if (digest === contender.digest) return measured(version, contender);
  const content = await readPackage(uri, digest);
  const network = await deserialize(content);
  try {
    const probabilities = await predict(network, test, signal);
    const names = contender.classes.map(({ label }) => label);
    const classes = probabilities.length / test.count;
    if (classes !== names.length) {
      throw new Error(`it tells ${classes} classes apart, and the test split has ${names.length}`);
    }
    return measured(version, {
      ...measure(probabilities, classified(test).labels, names),
      probabilities,
      sizeBytes: packageSizeBytes(content),
    });
  } finally {
    network.dispose();
  }
}

function measured(
  { version, digest }: RegisteredVersion,
  contender: Omit<Contender, "digest">,
): MeasuredChampion {
  const { accuracy, probabilities, sizeBytes } = contender;
  const metrics = { ...qualityMetrics(contender), sizeBytes };
  return { version, digest, accuracy, metrics, probabilities };
}
