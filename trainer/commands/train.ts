import type { Release } from "@updraft/contracts/release";
import { SettingsError, type Settings } from "../settings/settings.ts";
import { beginning } from "./beginning.ts";
import { inRun, openPlace, type Surroundings } from "./in-run.ts";
import { releaseBest } from "./release-best.ts";
import { dataInRun } from "./run-data.ts";
import { paramsOf, releaseNetwork, trainInRun } from "./steps.ts";

/**
 * From a dataset to a release. Where a sweep is named, nothing is trained: its best trial is
 * released.
 * @throws {RunFailedError} with the reason, once there is a run, which is closed with it
 */
export async function train(settings: Settings, surroundings: Surroundings): Promise<Release> {
  const { sweepId, trackingUri, dataset, seed, hyperparameters } = settings;
  if (sweepId !== undefined && trackingUri === undefined) {
    throw new SettingsError([
      `TRAINER_SWEEP_ID ${sweepId}: the trials of a sweep are found in the tracker; set MLFLOW_TRACKING_URI to its address`,
    ]);
  }
  const place = await openPlace(settings, surroundings);
  if (sweepId !== undefined) return releaseBest(settings, place, { id: sweepId });
  const params = paramsOf({ dataset, seed, ...hyperparameters });
  const begun = await beginning(settings, place);
  const { durable, warmStart } = begun;
  return inRun(settings, place, { params, ...durable.start }, async (work) => {
    const data = await dataInRun(settings, work);
    const trained = await trainInRun(settings, data, work, begun);
    return durable.untilDecided(() => releaseNetwork(settings, data, trained, work, warmStart));
  });
}
