import type { Release } from "@updraft/contracts/release";
import type { PreparedData } from "../data/prepare.ts";
import { progressReporter } from "../progress/progress-reporter.ts";
import type { Settings } from "../settings/settings.ts";
import { usedAccelerator } from "../training/tensorflow.ts";
import { trainNetwork, type TrainedNetwork } from "../training/train-network.ts";
import type { WarmStart } from "../warm-start/champion.ts";
import { warmStartTags } from "../warm-start/warm-start.ts";
import type { Beginning } from "./beginning.ts";
import type { Work } from "./in-run.ts";
import { releasePackage, type Origin } from "./release-package.ts";

/** Notes in a run what it is made of. */
export function noteData(settings: Settings, data: PreparedData, work: Work): void {
  const { splits, snapshot } = data;
  const counts = [splits.train, splits.validation, splits.test].map(({ count }) =>
    count.toLocaleString("en-US"),
  );
  work.say(`data ${settings.dataset}: ${counts.join(" + ")} examples, ${snapshot.digest}`);
  work.run.noteTags({ "updraft.datasetDigest": snapshot.digest });
  work.run.noteDataset(settings.dataset, snapshot);
}

/** Trains, or goes on with a training that was interrupted, and says how it goes. */
export function trainInRun(
  settings: Settings,
  { splits, snapshot }: PreparedData,
  work: Work,
  { durable, warmStart }: Beginning,
): Promise<TrainedNetwork> {
  const { run, signal } = work;
  const { epochs } = settings.hyperparameters;
  if (warmStart) run.noteTags(warmStartTags(warmStart));
  return durable.during(run.id, snapshot.digest, async (checkpoints) => {
    run.noteTags({ "updraft.accelerator": await usedAccelerator() });
    const { onProgress, say, note, stop } = progressReporter({ ...work, epochs });
    for (const result of checkpoints.resumeFrom?.progress.epochs ?? []) note(result);
    try {
      const options = { ...checkpoints, signal, onProgress, say };
      return await trainNetwork(settings, splits, { ...options, warmStart });
    } finally {
      stop();
    }
  });
}

/** Takes a trained network through test, gate and registration. */
export function releaseNetwork(
  settings: Settings,
  data: PreparedData,
  trained: TrainedNetwork,
  work: Work,
  warmStart?: WarmStart,
): Promise<Release> {
  const { source } = settings;
  const origin = originOf(settings, data, work, warmStart);
  const from = source && `trained as version ${source.release.version} of ${source.stack} was`;
  return releasePackage(settings, data, { ...trained, origin, from }, work);
}

/** Where a package comes from that a run trains. */
export function originOf(
  { hyperparameters, seed }: Settings,
  { snapshot, quality }: PreparedData,
  { run, lineage }: Work,
  warmStart?: WarmStart,
): Origin {
  return {
    lineage: {
      ...lineage,
      runId: run.id,
      datasetDigest: snapshot.digest,
      hyperparameters: { ...hyperparameters },
      seed,
      ...(warmStart ? { warmStart: { version: warmStart.version, digest: warmStart.digest } } : {}),
    },
    baseline: quality.baseline,
  };
}

/** Values as a run's parameters, which are texts. */
export function paramsOf(values: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
}
