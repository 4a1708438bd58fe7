import { randomUUID } from "node:crypto";
import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { cacheFolder } from "@updraft/contracts/cache-folder";
import type { Card } from "@updraft/contracts/card";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import type { Logger } from "pino";
import { codeDigest } from "../code-digest.ts";
import type { AcquireOptions } from "../data/acquire.ts";
import { gitCommit } from "../git-commit.ts";
import { messageOf, RunFailedError } from "../outcome.ts";
import type { Settings } from "../settings/settings.ts";
import { TrackerUnavailableError } from "../tracking/mlflow-client.ts";
import { openTracking } from "../tracking/open-tracking.ts";
import { promotionTags } from "../tracking/promotion-tags.ts";
import type { RunStart, TrackedRun, Tracking } from "../tracking/tracking.ts";

/** What surrounds a command. */
export interface Surroundings {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Aborted when somebody asks to stop; its reason is the error to end with. */
  readonly signal: AbortSignal;
  /** Takes a line for people. */
  readonly say: (line: string) => void;
  /** For machines. */
  readonly log: Logger;
  /** Where people look at a progress bar, if that is so. */
  readonly terminal?: NodeJS.WritableStream | undefined;
}

/** What commands read and write. */
export interface Place extends Surroundings {
  readonly store: ArtifactStore;
  readonly tracking: Tracking;
  readonly lineage: Pick<Card["lineage"], "codeDigest" | "gitCommit">;
}

/** What the steps of a run work with. */
export interface Work extends Place {
  readonly run: TrackedRun;
}

/** How long the steps of a cancelled run may take to end by themselves, in milliseconds. */
const graceMs = 3000;

/**
 * Opens what the settings name.
 * @throws if the store cannot be written to
 */
export async function openPlace(
  { definition, storeUri, trackingUri, outagePatience }: Settings,
  surroundings: Surroundings,
): Promise<Place> {
  const store = openArtifactStore(storeUri);
  await unlessCancelled(checkWritable(store), surroundings.signal);
  const commit = await gitCommit(import.meta.dirname);
  return {
    ...surroundings,
    store,
    tracking: openTracking({ trackingUri, outagePatience, store, ...surroundings }),
    lineage: {
      codeDigest: await codeDigest(definition.name),
      ...(commit ? { gitCommit: commit } : {}),
    },
  };
}

/**
 * Does something in a run, which is closed in the end, however that is.
 * @throws {RunFailedError} with the reason, once there is a run, which is closed with it
 */
export async function inRun<T>(
  { definition, experiment, source }: Settings,
  place: Place,
  start: Pick<RunStart, "params" | "sweep" | "resume">,
  steps: (work: Work) => Promise<T>,
): Promise<T> {
  const { tracking, lineage, log, signal } = place;
  const run = await tracking.startRun({
    experiment,
    model: definition.name,
    gitCommit: lineage.gitCommit,
    ...start,
  });
  if (source) run.noteTags(promotionTags(source));
  log.info({ runId: run.id, experiment }, "the run has started");
  try {
    const result = await unlessCancelled(steps({ ...place, run }), signal);
    await run.end("FINISHED");
    return result;
  } catch (error) {
    throw await closeFailedRun(run, error, signal);
  }
}

/** Where data comes from and is kept. */
export function downloadOptions({ variables, signal, say }: Surroundings): AcquireOptions {
  return { cacheFolder: cacheFolder(variables), signal, onStatus: say, variables };
}

/**
 * Waits for something; after a cancellation only for a moment: a store that does not answer must
 * not keep a run from being closed before the process is killed.
 */
async function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const giveUp = () => {
    timer = setTimeout(() => reject(signal.reason), graceMs);
  };
  signal.addEventListener("abort", giveUp);
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
    clearTimeout(timer);
  }
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
    const known = reason instanceof TrackerUnavailableError;
    const open = `the run ${run.id} stays open${known ? " until the next training" : `: ${messageOf(closing)}`}`;
    if (reason instanceof Error) reason.message = `${messageOf(reason)}\n${open}`;
  }
  return new RunFailedError(run.id, reason);
}

/** Tries it where packages go: a user of a bucket may be let in only there. */
async function checkWritable(store: ArtifactStore): Promise<void> {
  const probe = `models/.writable-${randomUUID()}`;
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
