import type { Digest } from "@updraft/contracts/digest";
import { readPackage } from "@updraft/contracts/model-package";
import type { Examples } from "@updraft/models/dataset";
import { accuracy } from "../evaluation/measures.ts";
import { deserialize } from "../packaging/serialize.ts";
import type { RegisteredVersion } from "../tracking/tracking.ts";
import { predict } from "../training/predict.ts";
import type { Champion } from "./gate.ts";

/** What is known of the candidate that wants to replace the champion. */
export interface Contender {
  readonly digest: Digest;
  readonly accuracy: number;
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
): Promise<Champion> {
  const { version: name, digest, uri } = version;
  if (digest === contender.digest) return { version: name, accuracy: contender.accuracy };
  try {
    const network = await deserialize(await readPackage(uri, digest));
    const answers = await predict(network, test, signal);
    network.dispose();
    return { version: name, accuracy: accuracy(answers, test.labels) };
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `champion version ${name} cannot be measured, so the rule maxRegression cannot be decided: ${reason}`,
      { cause: error },
    );
  }
}
