import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { hexOf } from "@updraft/contracts/digest";
import type { Logger } from "pino";
import { z } from "zod";
import type { Snapshot } from "../data/snapshot.ts";
import { thisProcess } from "../process-identity.ts";
import { failAbandonedRuns, FoundRun, runningRuns, tagOf, tagsOfOwner } from "./abandoned-runs.ts";
import { callMlflow, TrackerUnavailableError, type MlflowConnection } from "./mlflow-client.ts";
import { experimentIdOf } from "./mlflow-experiment.ts";
import { Outbox, type LogBatch } from "./outbox.ts";
import { uploadFiles } from "./run-artifacts.ts";
import type { RunStart, TrackedRun } from "./tracking.ts";

/** How one tracker is reached in the different phases of a run. */
export interface RunConnections {
  /** While nothing is done yet: gives up soon. */
  readonly starting: MlflowConnection;
  /** While it works: waits for a tracker that is away. */
  readonly working: MlflowConnection;
  /** After a cancellation: gives up at once, and is not cancelled itself. */
  readonly closing: MlflowConnection;
}

/** Longest values of a run that MLflow takes. */
const maxLengths = { tag: 8000, param: 6000 };
/** Longest digest of a dataset that MLflow takes. */
const maxDatasetDigestLength = 36;
/** Finds the run again if the answer to its creation was lost. */
const keyTag = "updraft.run.key";

const Nothing = z.object({});

/** Starts a run on an MLflow server, after closing those that were abandoned. */
export async function startMlflowRun(
  connections: RunConnections,
  start: RunStart,
  log: Logger,
): Promise<TrackedRun> {
  const { starting, working } = connections;
  const experimentId = await experimentIdOf(starting, start.experiment);
  await failAbandonedRuns(working, experimentId);
  const { run_id, artifact_uri } = await createRun(working, experimentId, start);
  const started = { runId: run_id, artifactUri: artifact_uri, start, log };
  return { ...trackedRun(connections, started), experimentId };
}

async function createRun(
  connection: MlflowConnection,
  experimentId: string,
  start: RunStart,
): Promise<FoundRun["info"]> {
  const key = randomUUID();
  const user = userName();
  const tags = {
    "mlflow.user": user,
    "mlflow.source.name": "updraft-trainer",
    "mlflow.source.type": "LOCAL",
    ...(start.gitCommit ? { "mlflow.source.git.commit": start.gitCommit } : {}),
    ...tagsOfOwner(thisProcess()),
    "updraft.model": start.model,
    [keyTag]: key,
  };
  const body = { experiment_id: experimentId, user_id: user, start_time: Date.now() };
  for (;;) {
    try {
      const { run } = await callMlflow(connection, {
        method: "POST",
        path: "mlflow/runs/create",
        body: { ...body, tags: pairs(tags) },
        answer: z.object({ run: FoundRun }),
        repeatable: false,
      });
      return run.info;
    } catch (error) {
      if (!(error instanceof TrackerUnavailableError)) throw error;
      // The server may have created it before the answer was lost. If it is away for good, the
      // search says so.
      const runs = await runningRuns(connection, experimentId);
      const run = runs.find((candidate) => tagOf(candidate, keyTag) === key);
      if (run) return run.info;
    }
  }
}

interface StartedRun {
  readonly runId: string;
  /** Where its artifacts belong, such as `mlflow-artifacts:/1/<run>/artifacts`. */
  readonly artifactUri: string;
  readonly start: RunStart;
  readonly log: Logger;
}

function trackedRun(
  { working, closing }: RunConnections,
  started: StartedRun,
): Omit<TrackedRun, "experimentId"> {
  const { runId, artifactUri, start, log } = started;
  // A cancelled run still tells what it noted, and that it was killed.
  const connection = () => (working.signal?.aborted ? closing : working);
  const post = (path: string, body: object) =>
    callMlflow(connection(), {
      method: "POST",
      path: `mlflow/runs/${path}`,
      body: { run_id: runId, ...body },
      answer: Nothing,
    });
  const outbox = new Outbox({
    send: async (batch) => void (await post("log-batch", asJson(batch))),
    isTemporary(error) {
      if (working.signal?.aborted) return true;
      if (!(error instanceof TrackerUnavailableError)) return false;
      log.warn(`${error.message}; what is logged is kept until it is back`);
      return true;
    },
  });
  outbox.add({ params: pairs(start.params, maxLengths.param) });
  return {
    id: runId,
    noteMetrics(step, metrics) {
      const timestamp = Date.now();
      const entries = Object.entries(metrics);
      outbox.add({ metrics: entries.map(([key, value]) => ({ key, value, timestamp, step })) });
    },
    noteTags: (tags) => outbox.add({ tags: pairs(tags) }),
    logDataset: async (name, snapshot) =>
      void (await post("log-inputs", { datasets: [datasetInput(name, snapshot)] })),
    // Another place than the proxy is for clients that have its keys; the package has these files.
    logFiles: async (files) => void (await uploadFiles(connection(), artifactUri, files)),
    async end(status) {
      await outbox.flush();
      await post("update", { status, end_time: Date.now() });
    },
  };
}

function datasetInput(name: string, { digest, uri }: Snapshot) {
  return {
    tags: pairs({ "mlflow.data.context": "training" }),
    dataset: {
      name,
      digest: hexOf(digest).slice(0, maxDatasetDigestLength),
      source_type: "local",
      source: JSON.stringify({ uri }),
    },
  };
}

/** A batch as protobuf's JSON has it: what is no finite number is a word. */
function asJson({ metrics, ...batch }: LogBatch): object {
  return {
    ...batch,
    metrics: metrics.map(({ value, ...metric }) => ({
      ...metric,
      value: Number.isFinite(value) ? value : String(value),
    })),
  };
}

function pairs(
  values: Readonly<Record<string, string>>,
  maxLength = maxLengths.tag,
): { key: string; value: string }[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: value.slice(0, maxLength) }));
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user often has a number and no name.
    return process.env["USER"] ?? "unknown";
  }
}
