import { hasEnded, isInSight, type ProcessIdentity } from "../process-identity.ts";
import { tagOf, type FoundRun } from "./found-run.ts";

/** Tags that say which process a run belongs to. */
const ownerTags = {
  host: "updraft.owner.host",
  pid: "updraft.owner.pid",
  startedAt: "updraft.owner.startedAt",
  pidNamespace: "updraft.owner.pidNamespace",
} as const;

/** The tag that says when the owner was last alive, in milliseconds since 1970. */
export const heartbeatTag = "updraft.owner.heartbeat";

/** How often an owner says that it is alive, in milliseconds. */
export const heartbeatEveryMs = 20_000;

/** How long an owner that is not in sight may be silent, in milliseconds. */
const silentForMs = 2 * 60_000;

/**
 * How long nobody may work on a run that several processes work on one after another: the trials
 * of a sweep wait for a free node.
 */
const unattendedForMs = 60 * 60_000;

/** The tags of a run of a process. */
export function tagsOfOwner(owner: ProcessIdentity, now: number): Record<string, string> {
  return {
    [ownerTags.host]: owner.host,
    [ownerTags.pid]: String(owner.pid),
    [ownerTags.startedAt]: owner.startedAt,
    [ownerTags.pidNamespace]: owner.pidNamespace,
    [heartbeatTag]: String(now),
  };
}

/**
 * Why nobody works any more on a run that is not closed; undefined if somebody may. Where its
 * process can be looked for, that decides; else how long ago it was last heard of. A run that says
 * neither stays as it is.
 * @param now in milliseconds since 1970
 */
export function abandonment(run: FoundRun, now: number): string | undefined {
  const owner = ownerOf(run);
  const silentMs = now - Number(tagOf(run, heartbeatTag) ?? Number.NaN);
  if (!owner) {
    return silentMs > unattendedForMs ? `nobody worked on it for ${inWords(silentMs)}` : undefined;
  }
  const who = `the trainer (process ${owner.pid} on ${owner.host})`;
  if (isInSight(owner)) {
    return hasEnded(owner)
      ? `${who} ended without closing the run; it was killed, or the machine went down`
      : undefined;
  }
  return silentMs > silentForMs
    ? `${who} has not been heard of for ${inWords(silentMs)}; it was killed, or its machine went down`
    : undefined;
}

/** Whether a run says that it belongs to a process. */
export function isOwnedBy(run: FoundRun, process: ProcessIdentity): boolean {
  const owner = ownerOf(run);
  return (
    owner?.host === process.host &&
    owner.pid === process.pid &&
    owner.startedAt === process.startedAt &&
    owner.pidNamespace === process.pidNamespace
  );
}

function ownerOf(run: FoundRun): ProcessIdentity | undefined {
  const host = tagOf(run, ownerTags.host);
  const pid = Number(tagOf(run, ownerTags.pid));
  if (host === undefined || !Number.isInteger(pid) || pid <= 0) return undefined;
  return {
    host,
    pid,
    startedAt: tagOf(run, ownerTags.startedAt) ?? "",
    pidNamespace: tagOf(run, ownerTags.pidNamespace) ?? "",
  };
}

function inWords(milliseconds: number): string {
  return `${Math.floor(milliseconds / 60_000)} minutes`;
}
