import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { qualityLimits } from "@updraft/models/quality";
import { pino } from "pino";
import { codeDigest } from "../code-digest.ts";
import { datasetFingerprint, type AcquireOptions } from "../data/acquire.ts";
import type { Settings } from "../settings/settings.ts";
import { openTracking } from "../tracking/open-tracking.ts";
import { championOf } from "../warm-start/champion.ts";

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
    ...(settings.warmStart === "champion" ? { warmStart: await champion(settings, options) } : {}),
  };
}

/** The version that the training would begin with; null before the first release. */
async function champion(
  { definition, storeUri, trackingUri, outagePatience }: Settings,
  { variables = process.env, signal }: AcquireOptions,
) {
  const log = pino({ level: "silent" });
  const store = openArtifactStore(storeUri);
  const options = { trackingUri, outagePatience, store, variables, signal, log };
  const serving = await championOf(openTracking(options).registry, definition.name);
  return serving ? { version: serving.version, digest: serving.digest } : null;
}
