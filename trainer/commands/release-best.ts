import type { Release } from "@updraft/contracts/release";
import type { PreparedData } from "../data/prepare.ts";
import { chooseTrial, type Choice } from "../sweep/choose-trial.ts";
import { readTrial } from "../sweep/trial-package.ts";
import type { Settings } from "../settings/settings.ts";
import type { RecordedTrial } from "../tracking/tracking.ts";
import { inRun, type Place } from "./in-run.ts";
import { dataInRun } from "./run-data.ts";
import { paramsOf, releaseNetwork } from "./steps.ts";

/** A sweep whose trials have ended. */
export interface EndedSweep {
  readonly id: string;
  /** What its trials came to. @default what the tracker has of them */
  readonly trials?: readonly RecordedTrial[];
  /** The data, if it is at hand. */
  readonly data?: PreparedData;
}

/**
 * Releases the best trial of a sweep as if its hyperparameters had been trained with: the same
 * package, test, gate and registration, in the run that the trials are children of.
 * @throws {RunFailedError} also if no trial can be released
 */
export async function releaseBest(
  settings: Settings,
  place: Place,
  sweep: EndedSweep,
): Promise<Release> {
  const { dataset, seed, experiment, definition } = settings;
  const start = { params: paramsOf({ dataset, seed }), sweep: { id: sweep.id } };
  return inRun(settings, place, start, async (work) => {
    const atHand = sweep.data;
    const data = await dataInRun(settings, work, atHand && (async () => atHand));
    const trials = sweep.trials ?? (await work.tracking.trialsOf(experiment, sweep.id));
    const inputs = {
      datasetDigest: data.snapshot.digest,
      codeDigest: work.lineage.codeDigest,
    };
    const choice = chooseTrial(trials, metricOf(settings), inputs, settings.trials?.length);
    const best = sayChoice(choice, sweep.id, settings, work.say);
    const chosen = await readTrial(best, definition);
    const { hyperparameters, trained, warmStart } = chosen;
    const { bestEpoch } = trained.history;
    work.run.noteParams(paramsOf(hyperparameters));
    work.run.noteTags({ "updraft.sweep.best": best.runId });
    work.run.noteMetrics(bestEpoch, { [`best_${metricOf(settings)}`]: best.value });
    return releaseNetwork({ ...settings, hyperparameters }, data, trained, work, warmStart);
  });
}

/** A regressor has no accuracy: of its trials the one with the lowest loss is the best. */
function metricOf({ sweep, definition }: Settings) {
  if (!definition.output.labels) return "val_loss";
  return sweep?.metric ?? "val_accuracy";
}

/** Says which trials count and which is the best. @throws if there is none */
function sayChoice(
  { best, ranking, skipped }: Choice,
  id: string,
  settings: Settings,
  say: (line: string) => void,
) {
  for (const line of skipped) say(line);
  const metric = metricOf(settings);
  for (const { index, value } of ranking) say(`trial ${index}  ${metric} ${value.toFixed(4)}`);
  if (best) {
    say(`trial ${best.index} is the best of ${ranking.length}: ${best.digest}`);
    return best;
  }
  const reasons = skipped.length === 0 ? ["it has no trials in this experiment"] : skipped;
  throw new Error(
    [
      `no trial of the sweep ${id} can be released; look at its runs in the tracker`,
      ...reasons,
    ].join("\n"),
  );
}
