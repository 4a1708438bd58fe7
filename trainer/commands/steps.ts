import type { Release } from "@updraft/contracts/release";
import type { PreparedData } from "../data/prepare.ts";
import { inputBaseline } from "../packaging/baseline.ts";
import { progressLines } from "../progress-lines.ts";
import type { Settings } from "../settings/settings.ts";
import type { Progress } from "../training/fit.ts";
import { trainNetwork, type TrainedNetwork } from "../training/train-network.ts";
import type { Work } from "./in-run.ts";
import { releasePackage, type Origin } from "./release-package.ts";

/** Notes in a run what it is made of. */
export async function noteData(settings: Settings, data: PreparedData, work: Work): Promise<void> {
  const { splits, snapshot } = data;
  const counts = [splits.train, splits.validation, splits.test].map(({ count }) =>
    count.toLocaleString("en-US"),
  );
  work.say(`data ${settings.dataset}: ${counts.join(" + ")} examples, ${snapshot.digest}`);
  work.run.noteTags({ "updraft.datasetDigest": snapshot.digest });
  await work.run.logDataset(settings.dataset, snapshot);
}

/** Trains, and says how it goes. */
export function trainInRun(
  settings: Settings,
  { splits }: PreparedData,
  work: Work,
): Promise<TrainedNetwork> {
  const onProgress = progressReporter(settings.hyperparameters.epochs, work);
  return trainNetwork(settings, splits, { signal: work.signal, onProgress });
}

/** Takes a trained network through test, gate and registration. */
export function releaseNetwork(
  settings: Settings,
  data: PreparedData,
  trained: TrainedNetwork,
  work: Work,
): Promise<Release> {
  const { source } = settings;
  const origin = originOf(settings, data, work);
  const from = source && `trained as version ${source.release.version} of ${source.stack} was`;
  return releasePackage(settings, data, { ...trained, origin, from }, work);
}

/** Where a package comes from that a run trains. */
export function originOf(
  { definition, hyperparameters, seed }: Settings,
  { splits, snapshot }: PreparedData,
  { run, lineage }: Work,
): Origin {
  const { input } = definition;
  return {
    lineage: {
      ...lineage,
      runId: run.id,
      datasetDigest: snapshot.digest,
      hyperparameters: { ...hyperparameters },
      seed,
    },
    baseline: { [input.name]: inputBaseline(splits.train, input) },
  };
}

/** Values as a run's parameters, which are texts. */
export function paramsOf(values: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
}

function progressReporter(epochs: number, { run, say }: Work): (progress: Progress) => void {
  const lineOf = progressLines(epochs, () => performance.now());
  return (progress) => {
    const line = lineOf(progress);
    if (line !== undefined) say(line);
    const { result } = progress;
    if (!result) return;
    const { accuracy, validationAccuracy } = result;
    run.noteMetrics(result.epoch, {
      train_loss: result.loss,
      ...(accuracy === undefined ? {} : { train_accuracy: accuracy }),
      val_loss: result.validationLoss,
      ...(validationAccuracy === undefined ? {} : { val_accuracy: validationAccuracy }),
      learning_rate: result.learningRate,
      examples_per_second: progress.examplesPerSecond,
    });
  };
}
