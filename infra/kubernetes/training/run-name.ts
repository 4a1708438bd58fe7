import type { RunInCluster } from "../cluster/cluster-facts.ts";

/** What a run is: how the update comes to its release. */
export type RunKind = "training" | "promotion" | "rollback";

/** What the names of a run's Jobs begin with, before its id. */
export const jobPrefixes: Readonly<Record<RunKind | "sweep", string>> = {
  training: "training-",
  promotion: "promotion-",
  rollback: "rollback-",
  sweep: "sweep-",
};

/** Which run an update is about. */
export interface ChosenRun {
  /** What the names of its Jobs end with. */
  readonly id: string;
  /**
   * `new`: it is started. `unfinished`: an update has started it and was stopped; this one waits
   * for it. `complete`: nothing is left to do.
   */
  readonly state: "new" | "unfinished" | "complete";
}

export interface RunChoice {
  /** Jobs of the stack that are in the cluster. */
  readonly runs: readonly RunInCluster[];
  /** Digest of what makes the run. */
  readonly spec: string;
  /** `always`: a complete run is repeated; `on-change`: it stays. */
  readonly repeat: "always" | "on-change";
  /** For a run that is started now. */
  readonly newId: string;
}

/**
 * Takes over the last run where it is the same and has not failed, or else starts one. Older runs
 * are never taken over: the stack's state may be about to delete them.
 * @see decisions/022-runs-have-names.md
 */
export function chooseRun({ runs, spec, repeat, newId }: RunChoice): ChosenRun {
  const started = { id: newId, state: "new" } as const;
  const last = lastRun(runs);
  if (last?.spec !== spec) return started;
  const { id, release, sweep } = last;
  // The trials are through, or on their way, and an update was stopped before the training began.
  const state = release ?? (sweep === "failed" ? "failed" : "unfinished");
  if (state === "unfinished") return { id, state };
  return state === "complete" && repeat === "on-change" ? { id, state } : started;
}

/** The Jobs that still run and are none of the chosen run's, by name. */
export function otherUnfinished(runs: readonly RunInCluster[], { id }: ChosenRun): string[] {
  return runs
    .filter(({ name, state }) => state === "unfinished" && idOf(name)?.id !== id)
    .map(({ name }) => name)
    .toSorted();
}

/**
 * An id that sorts by time and that nobody else takes: `20260714-093512-4f7a`.
 * @param random hexadecimal digits
 */
export function newRunId(now: Date, random: string): string {
  const [date, time] = now.toISOString().replaceAll(/[-:]/g, "").split(/[T.]/);
  return `${date}-${time}-${random}`;
}

interface Run {
  readonly id: string;
  readonly spec: string;
  /** Of the Job that leaves the release. */
  readonly release?: RunInCluster["state"];
  readonly sweep?: RunInCluster["state"];
}

function lastRun(runs: readonly RunInCluster[]): Run | undefined {
  const jobs = runs
    .flatMap((job) => {
      const parts = idOf(job.name);
      return parts ? [{ ...parts, ...job, createdAt: Date.parse(job.createdAt) }] : [];
    })
    // Of one second, the id tells.
    .toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
  const [last] = jobs;
  if (last === undefined) return undefined;
  const states = jobs
    .filter(({ id }) => id === last.id)
    .map(({ job, state }) => [job, state] as const);
  return { id: last.id, spec: last.spec, ...Object.fromEntries(states) };
}

function idOf(name: string): { job: "release" | "sweep"; id: string } | undefined {
  const [kind, prefix] =
    Object.entries(jobPrefixes).find(([, start]) => name.startsWith(start)) ?? [];
  if (prefix === undefined) return undefined;
  return { job: kind === "sweep" ? "sweep" : "release", id: name.slice(prefix.length) };
}
