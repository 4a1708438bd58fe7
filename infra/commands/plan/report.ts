import type { PromotedFrom } from "@updraft/contracts/evidence";
import type { GateReport } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import { z } from "zod";
import { besides, type Beside } from "./besides.ts";
import type { FailedRun } from "./failed-run.ts";
import { secondsOf } from "./durations.ts";
import type { HistoryEntry } from "./read-history.ts";
import { nameOf } from "./read-preview.ts";
import type { StackState, StateResource } from "./read-state.ts";
import { isReleaseRun, releaseComponents } from "./release-steps.ts";
import { isServer } from "./rollout-ahead.ts";

const RollbackInputs = z.object({ plan: z.object({ reason: z.string().optional() }) });

/** The last update of a stack. */
export interface LastUpdate {
  /** As Pulumi has it: `succeeded`, `failed`, `in-progress`. */
  readonly result: string;
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  readonly seconds: number | undefined;
  /** Whether what serves came of it; an update may leave it as it was. */
  readonly hasReleased: boolean;
  /**
   * `first`: the server was started. `rolled-out`: with another package. `restarted`: with the same
   * one. `none`: it went on as it was.
   */
  readonly rollout: "first" | "rolled-out" | "restarted" | "none";
}

/** What serves. */
export interface Serving {
  readonly model: string;
  readonly version: string;
  readonly digest: string;
  readonly metrics: Release["metrics"];
  readonly intervals: Release["intervals"];
  readonly url: string | undefined;
  readonly runUrl: string | undefined;
  /** Set while a version is pinned. */
  readonly pin: { readonly reason: string | undefined } | undefined;
}

/** What is there now, and what the last update did. */
export interface Report {
  readonly serving: Serving | undefined;
  /** Beside the version that served before, where it is known. */
  readonly beside: Beside | undefined;
  /** What the gate said of what serves. */
  readonly gate: GateReport | undefined;
  readonly promotedFrom: PromotedFrom | undefined;
  /** Nothing before the first. */
  readonly lastUpdate: LastUpdate | undefined;
  /** What an update has begun and not ended: it still runs, or was stopped. */
  readonly pending: readonly { readonly operation: string; readonly name: string }[];
  readonly trackerUrl: string | undefined;
  /** What ended the last update, where it failed and the tracker says so. */
  readonly failedRun: FailedRun | undefined;
  readonly expiresAt: string | undefined;
  /** What could not be read, in words. */
  readonly problems: readonly string[];
}

/** What a stack is after its last update. */
export function report(
  state: StackState,
  history: readonly HistoryEntry[],
  failedRun?: FailedRun,
): Report {
  const { release, pending, trackerUrl, expiresAt, unreadableRelease } = state;
  const last = history.find(({ kind }) => kind === "update");
  return {
    serving: release && serving(release, state),
    beside: release && besides(release),
    gate: release?.gate,
    promotedFrom: release?.promotedFrom,
    lastUpdate: last && lastUpdate(last, state),
    pending: pending.map(({ operation, urn }) => ({ operation, name: nameOf(urn) })),
    trackerUrl,
    failedRun,
    expiresAt,
    problems:
      unreadableRelease === undefined
        ? []
        : [
            `the output release is none that this version of the program knows: ${unreadableRelease}`,
          ],
  };
}

function serving(release: Release, { url, runUrl, resources }: StackState): Serving {
  const { model, version, digest, metrics, intervals } = release;
  return { model, version, digest, metrics, intervals, url, runUrl, pin: pinOf(resources) };
}

/** An update that failed may have left the component without its run, which is what counts. */
function pinOf(resources: StackState["resources"]): Serving["pin"] {
  const rollback = resources.find(({ type }) => releaseComponents[type] === "rollback");
  const isDone = resources.some(
    (one) => isReleaseRun(one) && one.urn.includes(`:${rollback?.type}$`),
  );
  if (!rollback || !isDone) return undefined;
  return { reason: RollbackInputs.safeParse(rollback.inputs).data?.plan.reason };
}

function lastUpdate(entry: HistoryEntry, { resources, release }: StackState): LastUpdate {
  const { result, startedAt, endedAt } = entry;
  const isOfUpdate = (time: string | undefined) => time !== undefined && isWithin(time, entry);
  const run = resources.find(isReleaseRun);
  const server = resources.find(isServer);
  const hasReleased = result === "succeeded" && isOfUpdate(run?.created);
  const isOther = hasReleased && release?.comparison?.digest !== release?.digest;
  return {
    result,
    startedAt,
    endedAt,
    seconds: secondsOf(entry),
    hasReleased,
    rollout: rolloutOf(server, isOfUpdate, isOther),
  };
}

function rolloutOf(
  server: StateResource | undefined,
  isOfUpdate: (time: string | undefined) => boolean,
  isOther: boolean,
): LastUpdate["rollout"] {
  if (server === undefined) return "none";
  if (isOfUpdate(server.created)) return "first";
  if (!isOfUpdate(server.modified)) return "none";
  return isOther ? "rolled-out" : "restarted";
}

/** History has seconds, states have nanoseconds. */
function isWithin(time: string, { startedAt, endedAt }: HistoryEntry): boolean {
  const at = Date.parse(time);
  const end = endedAt === undefined ? Infinity : Date.parse(endedAt) + 1000;
  return at >= Date.parse(startedAt) && at <= end;
}
