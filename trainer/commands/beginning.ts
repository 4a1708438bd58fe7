import { DurableTraining } from "../checkpoints/durable-training.ts";
import { runKey } from "../checkpoints/run-key.ts";
import { datasetFingerprint } from "../data/acquire.ts";
import type { Settings } from "../settings/settings.ts";
import { usedAccelerator } from "../training/tensorflow.ts";
import { championOf } from "../warm-start/champion.ts";
import { readWeights, type WarmWeights } from "../warm-start/warm-start.ts";
import { downloadOptions, type Place } from "./in-run.ts";

/** How a training begins. */
export interface Beginning {
  readonly durable: DurableTraining;
  /** Whose weights it begins with, unless it goes on with another training. */
  readonly warmStart: WarmWeights | undefined;
}

/**
 * Finds out how a training begins: where an interrupted one of the same inputs was, or with the
 * weights of the version that serves, or with chance.
 * @param sweepId of the sweep whose trial it is
 */
export async function beginning(
  settings: Settings,
  place: Place,
  sweepId?: string,
): Promise<Beginning> {
  const { store, tracking, lineage, say, log } = place;
  const { definition, dataset, hyperparameters, seed, stack, resume } = settings;
  const { name: model } = definition;
  const champion =
    settings.warmStart === "champion" ? await championOf(tracking.registry, model) : undefined;
  if (settings.warmStart === "champion" && !champion) {
    say(`no version of ${model} serves yet: the training begins with chance`);
  }
  const key = runKey({
    model,
    // Data that is missing is rejected in the run; it has no checkpoints.
    datasetFingerprint: await datasetFingerprint(definition, dataset, downloadOptions(place)).catch(
      () => "",
    ),
    codeDigest: lineage.codeDigest,
    hyperparameters,
    seed,
    warmStart: champion?.digest,
    device: `${await usedAccelerator()} ${process.arch}`,
    stack,
  });
  return {
    durable: await DurableTraining.open({ store, model, key, sweepId, resume, say, log }),
    warmStart: champion && (await readWeights(champion)),
  };
}
