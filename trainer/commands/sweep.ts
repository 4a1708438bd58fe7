import { randomBytes } from "node:crypto";
import type { Release } from "@updraft/contracts/release";
import { prepareData, type PreparedData } from "../data/prepare.ts";
import { SettingsError, type Settings } from "../settings/settings.ts";
import type { RecordedTrial } from "../tracking/tracking.ts";
import { downloadOptions, openPlace, type Surroundings } from "./in-run.ts";
import { releaseBest } from "./release-best.ts";
import { runTrial } from "./trial.ts";

/**
 * Runs all trials of a sweep one after another and releases the best one.
 * @throws {SettingsError} if there is no sweep
 */
export async function sweep(settings: Settings, surroundings: Surroundings): Promise<Release> {
  const { trials } = settings;
  if (!trials) {
    throw new SettingsError([
      'TRAINER_SWEEP is not set: say what to try, such as {"strategy": "grid", "parameters": {"units": [64, 128]}}',
    ]);
  }
  const place = await openPlace(settings, surroundings);
  const id = settings.sweepId ?? randomBytes(4).toString("hex");
  let data: PreparedData | undefined;
  const prepare = async () => (data ??= await prepareData(settings, place, downloadOptions(place)));
  const results: RecordedTrial[] = [];
  for (const [index, changes] of trials.entries()) {
    results.push(await runTrial(settings, place, { sweepId: id, index, changes }, prepare));
  }
  return releaseBest(settings, place, { id, trials: results, ...(data ? { data } : {}) });
}
