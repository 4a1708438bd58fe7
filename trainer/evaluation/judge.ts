import type { FileContents } from "@updraft/contracts/artifact-store";
import type { Digest } from "@updraft/contracts/digest";
import { packageDigest, packageSizeBytes } from "@updraft/contracts/model-package";
import type { Signature } from "@updraft/contracts/signature";
import type { Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import { deserialize, type SerializedNetwork } from "../packaging/serialize.ts";
import { signatureOf } from "../packaging/signature.ts";
import type { History } from "../training/history.ts";
import { evaluate, type Evaluation } from "./evaluate.ts";
import { releaseMetrics } from "./metrics.ts";
import { evaluationReport } from "./report.ts";

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
  readonly sizeBytes: number;
  /** The numbers it is known by from now on. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The files under `evaluation/`. */
  readonly report: FileContents;
}

/**
 * Judges a trained network on the test split. What is judged is what is shipped: the network as it
 * is read back from its bytes.
 */
export async function judgeNetwork(
  definition: ModelDefinition,
  { network, history, signature: packed }: Judged,
  test: Examples,
  signal: AbortSignal,
): Promise<Judgement> {
  const readBack = await deserialize(network);
  const evaluation = await evaluate(readBack, test, definition.output.labels ?? [], signal);
  readBack.dispose();
  // Another machine may answer the signature's example with other last digits.
  const signature = packed ?? signatureOf(definition, test, evaluation.probabilities);
  const sizeBytes = packageSizeBytes(network);
  return {
    ...evaluation,
    signature,
    digest: packageDigest({ ...network, signature }),
    sizeBytes,
    metrics: releaseMetrics(evaluation, sizeBytes),
    report: evaluationReport(definition, history, evaluation, test),
  };
}
