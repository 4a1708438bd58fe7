import { qualityLimits } from "@updraft/models/quality";
import { codeDigest } from "../code-digest.ts";
import { datasetFingerprint, type AcquireOptions } from "../data/acquire.ts";
import type { Settings } from "../settings/settings.ts";

/**
 * What `train` would do: the settings with all defaults, and what data and code are, and the trials
 * of a sweep where there is one. Equal plans train equal packages on the same kind of machine.
 */
export async function plan(settings: Settings, options: AcquireOptions) {
  const { definition, dataset, hyperparameters, seed, gate, quality, trials } = settings;
  return {
    model: definition.name,
    dataset,
    hyperparameters,
    seed,
    gate,
    quality: qualityLimits(definition.quality, quality),
    datasetFingerprint: await datasetFingerprint(definition, dataset, options),
    codeDigest: await codeDigest(definition.name),
    ...(trials ? { trials } : {}),
  };
}
