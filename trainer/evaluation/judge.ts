import type { Digest } from "@updraft/contracts/digest";
import { packageDigest, packageSizeBytes } from "@updraft/contracts/model-package";
import type { Signature } from "@updraft/contracts/signature";
import type { Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import { deserialize, type SerializedNetwork } from "../packaging/serialize.ts";
import { signatureOf } from "../packaging/signature.ts";
import type { History } from "../training/history.ts";
import { predict } from "../training/predict.ts";
import type { Evaluation, Evaluator } from "./evaluator.ts";
import { servingSpeed } from "./serving-speed.ts";

/** What is judged. */
export interface Judged {
  readonly network: SerializedNetwork;
  /** How it was trained, where that is known. */
  readonly history?: History | undefined;
  /** Where it was packed before: part of its digest. */
  readonly signature?: Signature;
}

/** What is known of a trained network after it met the test split. */
export interface Judgement extends Evaluation {
  readonly signature: Signature;
  /** Of the package that network and signature make. */
  readonly digest: Digest;
  /**
   * The numbers it is known by from now on, in the tracker, on its card and in the release: shares
   * of 1 or errors on the test split, times in milliseconds, sizes in bytes.
   */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * Judges a trained network on the test split. What is judged is what is shipped: the network as it
 * is read back from its bytes, and its speed in the engine that serves.
 */
export async function judgeNetwork(
  definition: ModelDefinition,
  evaluator: Evaluator,
  { network, signature: packed }: Judged,
  test: Examples,
  signal: AbortSignal,
): Promise<Judgement> {
  const evaluation = evaluator.measure(await answersOf(network, test, signal), test);
  const speed = await servingSpeed(network, definition.input.shape.slice(1), test, signal);
  // Another machine may answer the signature's example with other last digits.
  const signature = packed ?? signatureOf(definition, test, evaluation.answers);
  return {
    ...evaluation,
    signature,
    digest: packageDigest({ ...network, signature }),
    metrics: { ...evaluation.metrics, ...speed, sizeBytes: packageSizeBytes(network) },
  };
}

/** What a packed network answers for all examples, `[n, outputs]`, row-major. */
export async function answersOf(
  network: SerializedNetwork,
  examples: Examples,
  signal: AbortSignal,
): Promise<Float32Array> {
  const readBack = await deserialize(network);
  try {
    return await predict(readBack, examples, signal);
  } finally {
    readBack.dispose();
  }
}
