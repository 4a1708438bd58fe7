import { serialize, type SerializedNetwork } from "../packaging/serialize.ts";
import type { Splits } from "../data/split.ts";
import type { Settings } from "../settings/settings.ts";
import type { Signature } from "@updraft/contracts/signature";
import { fit, type FitOptions } from "./fit.ts";
import type { History } from "./history.ts";

/** What training gives: the bytes of a network, and how it came to them. */
export interface TrainedNetwork {
  readonly network: SerializedNetwork;
  readonly history: History;
  /** Where it was packed before: part of its digest. */
  readonly signature?: Signature;
}

/** Makes the model's network and trains it. */
export async function trainNetwork(
  { definition, hyperparameters, seed }: Pick<Settings, "definition" | "hyperparameters" | "seed">,
  splits: Splits,
  { signal, onProgress }: Pick<FitOptions, "signal" | "onProgress">,
): Promise<TrainedNetwork> {
  const { createNetwork, augment } = await definition.loadNetwork();
  const network = createNetwork(hyperparameters, seed, splits.train);
  try {
    const options = { hyperparameters, seed, signal, onProgress };
    const history = await fit(network, splits, augment, options);
    return { network: await serialize(network), history };
  } finally {
    network.dispose();
  }
}
