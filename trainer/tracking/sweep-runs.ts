import { Digest } from "@updraft/contracts/digest";
import { createRun } from "./create-run.ts";
import { metricOf, searchRuns, setStatus, setTag, tagOf, type FoundRun } from "./found-run.ts";
import type { MlflowConnection } from "./mlflow-client.ts";
import { heartbeatTag } from "./run-owner.ts";
import type { RecordedTrial, RunStart, TrialResult } from "./tracking.ts";

/** The tag of MLflow that makes a run the child of another. */
const parentTag = "mlflow.parentRunId";

/** The tag of the run that a sweep's trials belong to: the sweep's id. */
const sweepTag = "updraft.sweep";

/** Tags of a trial's run. */
const trialTags = {
  sweep: "updraft.trial.sweep",
  index: "updraft.trial.index",
  digest: "updraft.digest",
  uri: "updraft.trial.package",
  datasetDigest: "updraft.datasetDigest",
  codeDigest: "updraft.codeDigest",
} as const;

/** Metrics of a trial's run: those of the epoch whose weights its package has. */
const bestMetrics = { val_accuracy: "best_val_accuracy", val_loss: "best_val_loss" } as const;

/** A sweep as it is recorded. */
interface RecordedSweep {
  readonly experimentId: string;
  readonly id: string;
}

/** The tags that make a run a trial of a sweep. */
export function tagsOfTrial(
  sweepId: string,
  index: number,
  parentRunId: string,
): Record<string, string> {
  return {
    [parentTag]: parentRunId,
    [trialTags.sweep]: sweepId,
    [trialTags.index]: String(index),
  };
}

/** What a trial came to, as its run has it. */
export function entriesOfTrial({ digest, uri, codeDigest, metrics }: TrialResult) {
  return {
    tags: {
      [trialTags.digest]: digest,
      [trialTags.uri]: uri,
      [trialTags.codeDigest]: codeDigest,
    },
    metrics: {
      ...(metrics.val_accuracy === undefined
        ? {}
        : { [bestMetrics.val_accuracy]: metrics.val_accuracy }),
      [bestMetrics.val_loss]: metrics.val_loss,
    },
  };
}

/**
 * The run that the trials of a sweep are children of: the oldest one of this sweep that is not
 * closed, or a new one. Trials that begin at the same moment may each make one; all but the oldest
 * are closed again.
 */
export async function sweepRun(
  connection: MlflowConnection,
  sweep: RecordedSweep,
  start: Pick<RunStart, "model" | "gitCommit">,
): Promise<FoundRun> {
  const [known] = await openSweepRuns(connection, sweep);
  if (known) return known;
  const made = await createRun(connection, sweep.experimentId, {
    start,
    name: `sweep ${sweep.id}`,
    tags: { [sweepTag]: sweep.id, [heartbeatTag]: String(Date.now()) },
  });
  const [oldest = made] = await openSweepRuns(connection, sweep);
  if (oldest.info.run_id !== made.info.run_id) await closeDuplicate(connection, made, oldest);
  return oldest;
}

/**
 * Makes one run the parent of all trials of its sweep, also of those that found another one, and
 * closes the others.
 */
export async function gatherTrials(
  connection: MlflowConnection,
  sweep: RecordedSweep,
  parent: FoundRun,
): Promise<void> {
  const parentId = parent.info.run_id;
  for (const run of await runsOfTrials(connection, sweep)) {
    if (tagOf(run, parentTag) === parentId) continue;
    await setTag(connection, run.info.run_id, parentTag, parentId);
  }
  for (const run of await openSweepRuns(connection, sweep)) {
    if (run.info.run_id !== parentId) await closeDuplicate(connection, run, parent);
  }
}

/** Every run of every trial of a sweep. */
export async function trialsOf(
  connection: MlflowConnection,
  sweep: RecordedSweep,
): Promise<RecordedTrial[]> {
  return (await runsOfTrials(connection, sweep)).map(recordedTrial);
}

function recordedTrial(run: FoundRun): RecordedTrial {
  const digest = Digest.safeParse(tagOf(run, trialTags.digest));
  return {
    index: Number(tagOf(run, trialTags.index)),
    runId: run.info.run_id,
    status: run.info.status,
    startedAt: run.info.start_time,
    digest: digest.data,
    uri: tagOf(run, trialTags.uri),
    datasetDigest: tagOf(run, trialTags.datasetDigest),
    codeDigest: tagOf(run, trialTags.codeDigest),
    failure: tagOf(run, "updraft.failure"),
    metrics: {
      val_accuracy: metricOf(run, bestMetrics.val_accuracy),
      val_loss: metricOf(run, bestMetrics.val_loss),
    },
  };
}

async function openSweepRuns(
  connection: MlflowConnection,
  { experimentId, id }: RecordedSweep,
): Promise<FoundRun[]> {
  const filter = `attributes.status = 'RUNNING' and tags.\`${sweepTag}\` = '${id}'`;
  return (await searchRuns(connection, experimentId, filter)).toSorted(
    ({ info: a }, { info: b }) => a.start_time - b.start_time || (a.run_id < b.run_id ? -1 : 1),
  );
}

function runsOfTrials(
  connection: MlflowConnection,
  { experimentId, id }: RecordedSweep,
): Promise<FoundRun[]> {
  return searchRuns(connection, experimentId, `tags.\`${trialTags.sweep}\` = '${id}'`);
}

async function closeDuplicate(
  connection: MlflowConnection,
  { info }: FoundRun,
  kept: FoundRun,
): Promise<void> {
  const reason = `another trial made the run of this sweep at the same moment: ${kept.info.run_id}`;
  await setTag(connection, info.run_id, "updraft.failure", reason);
  await setStatus(connection, info.run_id, "KILLED");
}
