import type { Card } from "@updraft/contracts/card";
import { gateTable, type GateReport } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import type { PreparedData } from "../data/prepare.ts";
import { judgeNetwork, type Judgement } from "../evaluation/judge.ts";
import { decideGate } from "../gate/decide.ts";
import { GateFailedError } from "../outcome.ts";
import { inputBaseline } from "../packaging/baseline.ts";
import { publishPackage } from "../packaging/publish.ts";
import { progressLines } from "../progress-lines.ts";
import type { Settings } from "../settings/settings.ts";
import { releaseVersion } from "../tracking/release-version.ts";
import type { TrackedRun } from "../tracking/tracking.ts";
import type { Progress } from "../training/fit.ts";
import { trainNetwork, type TrainedNetwork } from "../training/train-network.ts";
import type { Work } from "./in-run.ts";

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
export async function releaseNetwork(
  settings: Settings,
  data: PreparedData,
  trained: TrainedNetwork,
  work: Work,
): Promise<Release> {
  const { definition, gate: rules } = settings;
  const { run, store, tracking, signal } = work;
  const model = definition.name;

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

/** The card of a package that a run makes. */
export function cardOf(
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

/** Values as a run's parameters, which are texts. */
export function paramsOf(values: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
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
