import { serialize, type SerializedNetwork } from "../packaging/serialize.ts";
import type { Splits } from "../data/split.ts";
import type { Settings } from "../settings/settings.ts";
import type { Signature } from "@updraft/contracts/signature";
import { beginWith, type WarmWeights } from "../warm-start/warm-start.ts";
import { fit, type FitOptions } from "./fit.ts";
import type { History } from "./history.ts";

/** What training gives: the bytes of a network, and how it came to them. */
export interface TrainedNetwork {
  readonly network: SerializedNetwork;
  readonly history: History;
  /** Where it was packed before: part of its digest. */
  readonly signature?: Signature;
}

/** What surrounds a training, and how it begins. */
export interface TrainingOptions extends Pick<
  FitOptions,
  "signal" | "onProgress" | "checkpoint" | "resumeFrom"
> {
  /** What it begins with, unless it goes on with another training. */
  readonly warmStart: WarmWeights | undefined;
  /** Takes a line for people. */
  readonly say: (line: string) => void;
}

/** Makes the model's network and trains it. */
export async function trainNetwork(
  { definition, hyperparameters, seed }: Pick<Settings, "definition" | "hyperparameters" | "seed">,
  splits: Splits,
  { warmStart, say, ...fitting }: TrainingOptions,
): Promise<TrainedNetwork> {
  const { createNetwork, augment } = await definition.loadNetwork();
  const network = createNetwork(hyperparameters, seed, splits.train);
  try {
    if (warmStart && !fitting.resumeFrom) say(beginWith(network, warmStart));
    const options = { hyperparameters, seed, ...fitting };
    const history = await fit(network, splits, augment, options);
    return { network: await serialize(network), history };
  } finally {
    network.dispose();
  }
}
