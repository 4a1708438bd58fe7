import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { cacheFolder } from "@updraft/contracts/cache-folder";
import type { Card } from "@updraft/contracts/card";
import { gateTable, type GateReport } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import type { Logger } from "pino";
import { codeDigest } from "../code-digest.ts";
import type { DownloadOptions } from "../data/download.ts";
import { prepareData, type PreparedData } from "../data/prepare.ts";
import { judgeNetwork, type Judgement } from "../evaluation/judge.ts";
import { decideGate } from "../gate/decide.ts";
import { gitCommit } from "../git-commit.ts";
import { GateFailedError, messageOf, RunFailedError } from "../outcome.ts";
import { inputBaseline } from "../packaging/baseline.ts";
import { publishPackage } from "../packaging/publish.ts";
import { progressLines } from "../progress-lines.ts";
import type { Settings } from "../settings/settings.ts";
import { openTracking } from "../tracking/open-tracking.ts";
import { releaseVersion } from "../tracking/release-version.ts";
import type { TrackedRun, Tracking } from "../tracking/tracking.ts";
import type { Progress } from "../training/fit.ts";
import { trainNetwork, type TrainedNetwork } from "../training/train-network.ts";

/** What surrounds a command. */
export interface Surroundings {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Aborted when somebody asks to stop; its reason is the error to end with. */
  readonly signal: AbortSignal;
  /** Takes a line for people. */
  readonly say: (line: string) => void;
  /** For machines. */
  readonly log: Logger;
}

/** What the steps of a run work with. */
interface Work extends Surroundings {
  readonly store: ArtifactStore;
  readonly tracking: Tracking;
  readonly run: TrackedRun;
  readonly lineage: Pick<Card["lineage"], "codeDigest" | "gitCommit">;
}

/**
 * From a dataset to a release.
 * @throws {RunFailedError} with the reason, once there is a run, which is closed with it
 */
export async function train(settings: Settings, surroundings: Surroundings): Promise<Release> {
  const { definition, experiment, storeUri, trackingUri } = settings;
  const store = openArtifactStore(storeUri);
  await checkWritable(store);
  const tracking = openTracking({ trackingUri, store, ...surroundings });
  const commit = await gitCommit(import.meta.dirname);
  const run = await tracking.startRun({
    experiment,
    model: definition.name,
    gitCommit: commit,
    params: paramsOf(settings),
  });
  surroundings.log.info({ runId: run.id, experiment }, "the run has started");
  const lineage = {
    codeDigest: await codeDigest(definition.name),
    ...(commit ? { gitCommit: commit } : {}),
  };
  try {
    const release = await runSteps(settings, { ...surroundings, store, tracking, run, lineage });
    await run.end("FINISHED");
    return release;
  } catch (error) {
    throw await closeFailedRun(run, error, surroundings.signal);
  }
}

async function runSteps(settings: Settings, work: Work): Promise<Release> {
  const { definition, gate: rules } = settings;
  const { run, store, tracking, signal } = work;
  const model = definition.name;

  const data = await prepareData(settings, store, downloadOptions(work));
  await noteData(settings, data, work);

  const onProgress = progressReporter(settings.hyperparameters.epochs, work);
  const trained = await trainNetwork(settings, data.splits, { signal, onProgress });

  const { test } = data.splits;
  const judged = await judgeNetwork(definition, trained, test, signal);
  const gate = await decideGate(rules, { ...judged, model }, test, tracking.registry, signal);
  noteVerdict(trained, judged, gate, run);

  const { metrics, signature, report } = judged;
  const card = cardOf(settings, data, { metrics, gate }, work);
  const content = { ...trained.network, signature, card, evaluation: report };
  const published = await publishPackage(store, content);
  await run.logFiles({ ...report, "evaluation/gate.json": `${JSON.stringify(gate)}\n` });
  const version = await releaseVersion(tracking.registry, card, published, settings.stack);
  run.noteTags({ "updraft.version": version });
  if (gate.verdict === "failed") throw new GateFailedError(gate);

  const { runId, datasetDigest } = card.lineage;
  const { experimentId } = run;
  return {
    model,
    version,
    ...published,
    runId,
    ...(experimentId ? { experimentId } : {}),
    datasetDigest,
    metrics,
    gate,
  };
}

function downloadOptions({ variables, signal, say }: Surroundings): DownloadOptions {
  return { cacheFolder: cacheFolder(variables), signal, onStatus: say };
}

function noteVerdict(
  { history }: TrainedNetwork,
  { metrics, digest }: Judgement,
  gate: GateReport,
  run: TrackedRun,
): void {
  run.noteMetrics(history.bestEpoch, metrics);
  run.noteTags({
    "updraft.digest": digest,
    "updraft.gate": gate.verdict,
    "updraft.gate.table": gateTable(gate),
  });
}

async function noteData(settings: Settings, data: PreparedData, work: Work): Promise<void> {
  const { splits, snapshot } = data;
  const counts = [splits.train, splits.validation, splits.test].map(({ count }) =>
    count.toLocaleString("en-US"),
  );
  work.say(`data ${settings.dataset}: ${counts.join(" + ")} examples, ${snapshot.digest}`);
  work.run.noteTags({ "updraft.datasetDigest": snapshot.digest });
  await work.run.logDataset(settings.dataset, snapshot);
}

function progressReporter(epochs: number, { run, say }: Work): (progress: Progress) => void {
  const lineOf = progressLines(epochs, () => performance.now());
  return (progress) => {
    const line = lineOf(progress);
    if (line !== undefined) say(line);
    const { result } = progress;
    if (!result) return;
    run.noteMetrics(result.epoch, {
      train_loss: result.loss,
      train_accuracy: result.accuracy,
      val_loss: result.validationLoss,
      val_accuracy: result.validationAccuracy,
      learning_rate: result.learningRate,
      examples_per_second: progress.examplesPerSecond,
    });
  };
}

function cardOf(
  { definition, hyperparameters, seed }: Settings,
  { splits, snapshot }: PreparedData,
  verdict: Pick<Card, "metrics" | "gate">,
  { run, lineage }: Work,
): Card {
  const { name, input } = definition;
  return {
    model: name,
    createdAt: new Date().toISOString(),
    ...verdict,
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

function paramsOf({ dataset, seed, hyperparameters }: Settings): Record<string, string> {
  const params = { dataset, seed, ...hyperparameters };
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));
}

/** Closes a run with the reason of its failure, and gives the error to end with. */
async function closeFailedRun(
  run: TrackedRun,
  error: unknown,
  signal: AbortSignal,
): Promise<RunFailedError> {
  const reason: unknown = signal.aborted ? signal.reason : error;
  run.noteTags({ "updraft.failure": messageOf(reason) });
  try {
    await run.end(signal.aborted ? "KILLED" : "FAILED");
  } catch (closing) {
    const both = `${messageOf(reason)}\nthe run ${run.id} stays open: ${messageOf(closing)}`;
    if (reason instanceof Error) reason.message = both;
  }
  return new RunFailedError(run.id, reason);
}

async function checkWritable(store: ArtifactStore): Promise<void> {
  const probe = `.writable-${process.pid}`;
  try {
    await store.write(probe, "");
    await store.remove(probe);
  } catch (error) {
    throw new Error(
      `the artifact store ${store.uri} cannot be written to: ${messageOf(error)}; set TRAINER_STORE_URI to a folder that can`,
      { cause: error },
    );
  }
}
