import type { FileContents } from "@updraft/contracts/artifact-store";
import { hexOf } from "@updraft/contracts/digest";
import type { Logger } from "pino";
import { z } from "zod";
import type { Snapshot } from "../data/snapshot.ts";
import { thisProcess } from "../process-identity.ts";
import { failAbandonedRuns } from "./abandoned-runs.ts";
import { setStatus, setTag } from "./found-run.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { callMlflow, TrackerUnavailableError, type MlflowConnection } from "./mlflow-client.ts";
import { experimentIdOf } from "./mlflow-experiment.ts";
import { openRun } from "./open-run.ts";
import { Outbox, type LogBatch } from "./outbox.ts";
import { uploadFiles } from "./run-artifacts.ts";
import { heartbeatEveryMs, heartbeatTag, tagsOfOwner } from "./run-owner.ts";
import { entriesOfTrial } from "./sweep-runs.ts";
import { loggedEpochs } from "./take-over-run.ts";
import { lastOfEpoch, type RunStart, type TrackedRun } from "./tracking.ts";

/** How one tracker is reached in the different phases of a run. */
export interface RunConnections {
  /** While nothing is done yet: gives up soon. */
  readonly starting: MlflowConnection;
  /** While it works: waits for a tracker that is away. */
  readonly working: MlflowConnection;
  /** After a cancellation: gives up at once, and is not cancelled itself. */
  readonly closing: MlflowConnection;
  /** How often a run says that it is alive, in milliseconds. @default 20000 */
  readonly heartbeatEveryMs?: number | undefined;
}

/** Longest values of a run that MLflow takes. */
const maxLengths = { tag: 8000, param: 6000 };
/** Longest digest of a dataset that MLflow takes. */
const maxDatasetDigestLength = 36;
/** How long a tracker is waited for by what nobody waits for, in milliseconds. */
const asideMs = 5000;

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
  const ownerTags = tagsOfOwner(thisProcess(), Date.now());
  const { run, beatsFor, isTakenOver } = await openRun(working, experimentId, start, ownerTags);
  const aside = { ...working, patienceMs: asideMs };
  const heartbeat = startHeartbeat(async (signal) => {
    for (const runId of beatsFor) {
      await setTag({ ...aside, signal }, runId, heartbeatTag, String(Date.now()));
    }
  }, connections.heartbeatEveryMs ?? heartbeatEveryMs);
  const { run_id: runId, artifact_uri: artifactUri } = run.info;
  const tracked = trackedRun(connections, { runId, artifactUri, start, ownerTags, log });
  const epochs = isTakenOver ? await loggedEpochs(working, runId, lastOfEpoch) : new Set<number>();
  return {
    ...tracked,
    experimentId,
    loggedEpochs: epochs,
    async end(status) {
      heartbeat.stop();
      await tracked.end(status);
      // One that was killed shortly before this one began has been silent for long enough by now.
      if (!working.signal?.aborted) await failAbandonedRuns(aside, experimentId).catch(() => {});
    },
  };
}

interface StartedRun {
  readonly runId: string;
  /** Where its artifacts belong, such as `mlflow-artifacts:/1/<run>/artifacts`. */
  readonly artifactUri: string;
  readonly start: RunStart;
  readonly ownerTags: Readonly<Record<string, string>>;
  readonly log: Logger;
}

function trackedRun(
  { working, closing }: RunConnections,
  started: StartedRun,
): Omit<TrackedRun, "experimentId" | "loggedEpochs"> {
  const { runId, artifactUri, start, ownerTags, log } = started;
  // A cancelled run still tells what it noted, and that it was killed.
  const connection = () => (working.signal?.aborted ? closing : working);
  const post = (path: string, body: object) =>
    callMlflow(connection(), {
      method: "POST",
      path: `mlflow/runs/${path}`,
      body: { run_id: runId, ...body },
      answer: Nothing,
    });
  // Another place than the proxy is for clients that have its keys; the package has these files.
  const upload = async (files: FileContents) =>
    void (await uploadFiles(connection(), artifactUri, files));
  const outbox = new Outbox({
    async send({ datasets, files, ...batch }) {
      await upload(Object.fromEntries(files.map(({ path, content }) => [path, content])));
      if (datasets.length > 0) await post("log-inputs", { datasets });
      await post("log-batch", asJson(batch));
    },
    isTemporary(error) {
      if (working.signal?.aborted) return true;
      if (!(error instanceof TrackerUnavailableError)) return false;
      log.warn(`${error.message}; what is logged is kept until it is back`);
      return true;
    },
  });
  const notes = notesTo(outbox);
  notes.noteParams(start.params);
  // A sweep's run is taken over from the trials, which have no owner for it.
  if (start.sweep) notes.noteTags(ownerTags);
  return {
    id: runId,
    ...notes,
    noteDataset: (name, snapshot) => outbox.add({ datasets: [datasetInput(name, snapshot)] }),
    noteFiles: (files) =>
      outbox.add({
        files: Object.entries(files).map(([path, content]) => ({ path, content })),
      }),
    logFiles: upload,
    async end(status) {
      await outbox.flush();
      await setStatus(connection(), runId, status);
    },
  };
}

/** What is noted, as entries of an outbox. */
function notesTo(
  outbox: Outbox,
): Pick<TrackedRun, "noteMetrics" | "noteTags" | "noteParams" | "noteTrial"> {
  const noteTags = (tags: Readonly<Record<string, string>>) => outbox.add({ tags: pairs(tags) });
  const noteMetrics = (step: number, metrics: Readonly<Record<string, number>>) => {
    const timestamp = Date.now();
    const entries = Object.entries(metrics);
    outbox.add({ metrics: entries.map(([key, value]) => ({ key, value, timestamp, step })) });
  };
  return {
    noteMetrics,
    noteTags,
    noteParams: (params) => outbox.add({ params: pairs(params, maxLengths.param) }),
    noteTrial(step, result) {
      const { tags, metrics } = entriesOfTrial(result);
      noteTags(tags);
      noteMetrics(step, metrics);
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
function asJson({ metrics, ...batch }: Pick<LogBatch, "metrics" | "params" | "tags">): object {
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
