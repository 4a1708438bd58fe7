import type { SweepTrial } from "@updraft/contracts/sweep";
import { prepareData, type PreparedData } from "../data/prepare.ts";
import { RunFailedError } from "../outcome.ts";
import { publishPatiently } from "../packaging/publish-patiently.ts";
import { unjudged } from "../packaging/publish.ts";
import { hyperparametersOf } from "../settings/trials.ts";
import { SettingsError, type Settings } from "../settings/settings.ts";
import { trialExtras } from "../sweep/trial-package.ts";
import type { RecordedTrial, TrialResult } from "../tracking/tracking.ts";
import { TrainingDivergedError } from "../training/fit.ts";
import type { TrainedNetwork } from "../training/train-network.ts";
import { beginning, type Beginning } from "./beginning.ts";
import {
  downloadOptions,
  inRun,
  openPlace,
  type Place,
  type Surroundings,
  type Work,
} from "./in-run.ts";
import { cardOf } from "./release-package.ts";
import { dataInRun } from "./run-data.ts";
import { originOf, paramsOf, trainInRun } from "./steps.ts";

/** A trial of a sweep. */
export interface Trial {
  readonly sweepId: string;
  /** From 0. */
  readonly index: number;
  /** The hyperparameters that it sets. */
  readonly changes: SweepTrial;
}

/**
 * Runs one trial of a sweep: trains with its hyperparameters, on the same data and seed, keeps the
 * package and records how good it is on the validation split. One whose training diverges is a
 * result too: its run says so, and the sweep goes on without it.
 * @throws {SettingsError} if it is not said which trial of which sweep it is
 */
export async function trial(settings: Settings, surroundings: Surroundings): Promise<void> {
  const one = trialIn(settings);
  const place = await openPlace(settings, surroundings);
  await runTrial(settings, place, one, () => prepareData(settings, place, downloadOptions(place)));
}

/** Runs a trial in a run of its own; what it came to. */
export async function runTrial(
  settings: Settings,
  place: Place,
  { sweepId, index, changes }: Trial,
  prepare: () => Promise<PreparedData>,
): Promise<RecordedTrial> {
  const { definition, dataset, seed } = settings;
  const hyperparameters = hyperparametersOf(changes, definition, settings.hyperparameters);
  const own = { ...settings, hyperparameters };
  const start = {
    params: paramsOf({ dataset, seed, ...hyperparameters }),
    sweep: { id: sweepId, trial: index },
  };
  place.say(`trial ${index}: ${JSON.stringify(changes)}`);
  const startedAt = Date.now();
  try {
    const begun = await beginning(own, place, sweepId);
    return await inRun(own, place, { ...start, ...begun.durable.start }, async (work) => {
      const data = await dataInRun(own, work, prepare);
      const result = await trainTrial(own, data, work, begun);
      work.say(`trial ${index}: ${measuresInWords(result.metrics)}`);
      const datasetDigest = data.snapshot.digest;
      const { id: runId } = work.run;
      return {
        index,
        runId,
        status: "FINISHED",
        startedAt,
        datasetDigest,
        failure: undefined,
        ...result,
        metrics: { val_accuracy: undefined, ...result.metrics },
      };
    });
  } catch (error) {
    if (!(error instanceof RunFailedError && error.cause instanceof TrainingDivergedError))
      throw error;
    place.say(`trial ${index} failed: ${error.message}`);
    return failedTrial(index, error, startedAt);
  }
}

async function trainTrial(
  settings: Settings,
  data: PreparedData,
  work: Work,
  begun: Beginning,
): Promise<TrialResult> {
  const trained = await trainInRun(settings, data, work, begun);
  return begun.durable.untilDecided(() => keepTrial(settings, data, trained, { work, begun }));
}

/** Publishes what a trial has trained, and notes what it came to. */
async function keepTrial(
  settings: Settings,
  data: PreparedData,
  trained: TrainedNetwork,
  { work, begun }: { readonly work: Work; readonly begun: Beginning },
): Promise<TrialResult> {
  const { epochs, bestEpoch } = trained.history;
  const best = epochs.find(({ epoch }) => epoch === bestEpoch);
  const accuracy = best?.validationAccuracy;
  const metrics = {
    // A regressor has none.
    ...(accuracy === undefined ? {} : { val_accuracy: accuracy }),
    val_loss: best?.validationLoss ?? Number.NaN,
  };
  const extras = await trialExtras(settings.definition, trained, data.splits.test, work.signal);
  const origin = originOf(settings, data, work, begun.warmStart);
  const card = cardOf(settings.definition.name, { metrics, gate: unjudged }, origin);
  const content = { ...trained.network, ...extras, card };
  const published = await publishPatiently(content, settings.outagePatience, work);
  const result = { ...published, codeDigest: work.lineage.codeDigest, metrics };
  work.run.noteTrial(bestEpoch, result);
  return result;
}

function measuresInWords({ val_accuracy: accuracy, val_loss: loss }: TrialResult["metrics"]) {
  const told = accuracy === undefined ? "" : `accuracy ${accuracy.toFixed(4)}, `;
  return `validation ${told}loss ${loss.toFixed(4)}`;
}

function failedTrial(index: number, { runId, message }: RunFailedError, startedAt: number) {
  return {
    index,
    runId,
    status: "FAILED",
    startedAt,
    digest: undefined,
    uri: undefined,
    datasetDigest: undefined,
    codeDigest: undefined,
    failure: message,
    metrics: { val_accuracy: undefined, val_loss: undefined },
  };
}

/** Which trial the settings name. @throws {SettingsError} with every problem at once */
function trialIn({ sweepId, trials, trialIndex, trackingUri }: Settings): Trial {
  const problems: string[] = [];
  if (sweepId === undefined) {
    problems.push("TRAINER_SWEEP_ID is not set: name the sweep that the trial belongs to");
  }
  if (trackingUri === undefined) {
    problems.push("MLFLOW_TRACKING_URI is not set: trials are recorded in a tracker");
  }
  if (trials === undefined) {
    problems.push("TRAINER_SWEEP_TRIALS is not set: list the trials, or set TRAINER_SWEEP");
  }
  if (trialIndex === undefined) {
    problems.push("JOB_COMPLETION_INDEX is not set: say which of the trials to run, from 0");
  }
  const changes = trials?.[trialIndex ?? 0];
  if (trials && trialIndex !== undefined && changes === undefined) {
    problems.push(
      `JOB_COMPLETION_INDEX ${trialIndex}: there are ${trials.length} trials, so it is at most ${trials.length - 1}`,
    );
  }
  if (problems.length > 0 || !changes) throw new SettingsError(problems);
  return { sweepId: sweepId ?? "", index: trialIndex ?? 0, changes };
}
