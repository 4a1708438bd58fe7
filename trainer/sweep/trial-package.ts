import type { FileContents } from "@updraft/contracts/artifact-store";
import { readPackage } from "@updraft/contracts/model-package";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import type { Signature } from "@updraft/contracts/signature";
import type { Examples } from "@updraft/models/dataset";
import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import type { ModelDefinition } from "@updraft/models/model-definition";
import { historyFiles, historyFile } from "../evaluation/report.ts";
import { deserialize } from "../packaging/serialize.ts";
import { signatureOf } from "../packaging/signature.ts";
import { History } from "../training/history.ts";
import { predict } from "../training/predict.ts";
import type { TrainedNetwork } from "../training/train-network.ts";
import type { WarmStart } from "../warm-start/champion.ts";
import type { FinishedTrial } from "./choose-trial.ts";

/** What is packed with a trial's network. */
export interface TrialExtras {
  readonly signature: Signature;
  readonly evaluation: FileContents;
}

/**
 * What a trial packs with its network: the signature that its release would have, which is part of
 * the digest, and how training went. The test split serves for the signature's example only.
 */
export async function trialExtras(
  definition: ModelDefinition,
  { network, history }: TrainedNetwork,
  test: Examples,
  signal: AbortSignal,
): Promise<TrialExtras> {
  const readBack = await deserialize(network);
  try {
    const answers = await predict(readBack, test, signal);
    return {
      signature: signatureOf(definition, test, answers),
      evaluation: await historyFiles(history),
    };
  } finally {
    readBack.dispose();
  }
}

/** A trial as its package has it. */
export interface ReadTrial {
  readonly trained: TrainedNetwork;
  readonly hyperparameters: TrainingHyperparameters;
  /** What it began with. */
  readonly warmStart: WarmStart | undefined;
}

/** A trial's network, as if it had just been trained. */
export async function readTrial(
  { uri, digest }: Pick<FinishedTrial, "uri" | "digest">,
  definition: ModelDefinition,
): Promise<ReadTrial> {
  const { model, weights, signature, card } = await readPackage(uri, digest);
  const history = await openArtifactStore(uri).read(historyFile);
  return {
    trained: {
      network: { model, weights },
      history: History.parse(JSON.parse(history.toString("utf8"))),
      signature,
    },
    hyperparameters: definition.hyperparameters.parse(card.lineage.hyperparameters),
    warmStart: card.lineage.warmStart,
  };
}
