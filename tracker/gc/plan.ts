import { folderOf, isNamedByDigest, pathInStore } from "./address.ts";
import type { GcPolicy } from "./policy.ts";

/** How many of the latest releases of a stack are kept: what serves, and what it rolls back to. */
const keptReleases = 2;

/** How long uploads to a run may go on after it was deleted while it was running. */
const graceMs = 3_600_000;

const servingStages = new Set(["Staging", "Production"]);
const runningStatuses = new Set(["RUNNING", "SCHEDULED"]);

/** A version of a model; times are milliseconds since 1970. */
export interface VersionFact {
  readonly name: string;
  readonly version: number;
  readonly createdAt: number;
  readonly stage: string;
  readonly aliases: readonly string[];
  /** The stacks that took it over, and when they last did. */
  readonly stacks: Readonly<Record<string, number>>;
  readonly runId?: string | undefined;
  readonly modelId?: string | undefined;
  /** Address of its artifacts. */
  readonly location: string;
  readonly datasetDigest?: string | undefined;
}

/** A run that is deleted, or that newer ones displace. */
export interface RunFact {
  readonly runId: string;
  readonly status: string;
  readonly location: string;
  readonly deletedAt?: number | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
  /** What it says it made and read: tags of the trainer. */
  readonly model?: string | undefined;
  readonly digest?: string | undefined;
  readonly datasetDigest?: string | undefined;
}

/** A logged model that is deleted, or whose run is freed. */
export interface LoggedModelFact {
  readonly modelId: string;
  readonly location: string;
  readonly deletedAt?: number | undefined;
}

/** A run that is going on. */
export interface RunningFact {
  readonly runId: string;
  /** Whether it says what it reads and makes as soon as it knows. */
  readonly isTrainer: boolean;
  readonly digest?: string | undefined;
  readonly datasetDigest?: string | undefined;
  /** Logged models that go into it or come out of it. */
  readonly modelIds: readonly string[];
}

/** A package or a snapshot that something referred to which is gone. */
export interface FolderFact {
  readonly location: string;
  /** Since when; 0 for what is freed in the same go. */
  readonly since: number;
  /** Runs and versions that still name it, in words. */
  readonly namedBy: readonly string[];
}

/** Something that might have been freed, and what keeps it. */
export interface Kept {
  readonly what: string;
  readonly why: string;
}

/** What is to be freed of one kind. */
export interface Plan<Fact> {
  readonly free: readonly Fact[];
  readonly kept: readonly Kept[];
}

/** What the versions that stay refer to, each with a version in words. */
export interface Uses {
  readonly runs: ReadonlyMap<string, string>;
  readonly models: ReadonlyMap<string, string>;
  /** Paths of their artifacts, and the folders above these. */
  readonly folders: ReadonlyMap<string, string>;
  readonly paths: ReadonlyMap<string, string>;
}

/** The versions that newer ones displace. */
export function planVersions(
  versions: readonly VersionFact[],
  running: readonly RunningFact[],
  { keepVersions, models, olderThanMs }: GcPolicy,
  now: number,
): Plan<VersionFact> {
  if (keepVersions === undefined) return { free: [], kept: [] };
  const ranks = ranksOf(versions);
  const releases = latestReleases(versions);
  const runs = new Set(running.map(({ runId }) => runId));
  const displaced = versions.filter(
    (one) =>
      (ranks.get(one) ?? 0) > keepVersions &&
      (models === undefined || models.includes(one.name)) &&
      now - one.createdAt >= olderThanMs,
  );
  return partition(displaced, labelOf, (one) => {
    if (one.aliases.length > 0) return `the alias ${one.aliases[0]} points to it`;
    if (servingStages.has(one.stage)) return `it is in stage ${one.stage}`;
    const stack = releases.get(one);
    if (stack !== undefined) return `the stack ${stack} serves it or rolls back to it`;
    if (one.runId !== undefined && runs.has(one.runId)) return `its run ${one.runId} is running`;
    return undefined;
  });
}

/** What versions refer to. */
export function usesOf(versions: readonly VersionFact[], storeUri: string): Uses {
  const runs = new Map<string, string>();
  const models = new Map<string, string>();
  const folders = new Map<string, string>();
  const paths = new Map<string, string>();
  for (const version of versions) {
    const label = labelOf(version);
    if (version.runId !== undefined) runs.set(version.runId, label);
    if (version.modelId !== undefined) models.set(version.modelId, label);
    for (const path of readingsOf(pathInStore(version.location, storeUri))) {
      paths.set(path, label);
      const parts = path.split("/");
      for (let end = 1; end <= parts.length; end += 1) {
        folders.set(parts.slice(0, end).join("/"), label);
      }
    }
  }
  return { runs, models, folders, paths };
}

/** Of deleted and displaced runs those that nothing needs. */
export function planRuns(
  runs: readonly RunFact[],
  uses: Uses,
  { now, storeUri, olderThanMs }: { now: number; storeUri: string; olderThanMs: number },
): Plan<RunFact> {
  const dead = runs.filter(({ status, deletedAt, endedAt }) => {
    const isRunning = runningStatuses.has(status);
    if (deletedAt !== undefined) {
      return now - deletedAt >= Math.max(olderThanMs, isRunning ? graceMs : 0);
    }
    return !isRunning && now - endedAt >= olderThanMs;
  });
  return partition(
    dead,
    ({ runId }) => `run ${runId}`,
    ({ runId, location }) => {
      const user = uses.runs.get(runId) ?? userOf(runId, location, uses, storeUri);
      return user && `${user} refers to it`;
    },
  );
}

/** Of logged models those that no version and no running run needs. */
export function planLoggedModels(
  models: readonly LoggedModelFact[],
  uses: Uses,
  running: readonly RunningFact[],
  { now, storeUri, olderThanMs }: { now: number; storeUri: string; olderThanMs: number },
): Plan<LoggedModelFact> {
  const dead = models.filter(
    ({ deletedAt }) => deletedAt === undefined || now - deletedAt >= olderThanMs,
  );
  return partition(
    dead,
    ({ modelId }) => `logged model ${modelId}`,
    ({ modelId, location }) => {
      const user = uses.models.get(modelId) ?? userOf(modelId, location, uses, storeUri);
      if (user) return `${user} refers to it`;
      const run = running.find(({ modelIds }) => modelIds.includes(modelId));
      return run && `run ${run.runId} is running and refers to it`;
    },
  );
}

/** A deleted experiment, with what is still in it. */
export interface ExperimentFact {
  readonly experimentId: string;
  readonly deletedAt: number;
  readonly runIds: readonly string[];
  readonly modelIds: readonly string[];
}

/**
 * Of deleted experiments those that nothing is left in. Clients expect experiment 0 to be there.
 * @param gone runs and logged models that are freed in the same go
 */
export function planExperiments(
  experiments: readonly ExperimentFact[],
  gone: ReadonlySet<string>,
  { now, olderThanMs }: { now: number; olderThanMs: number },
): string[] {
  return experiments
    .filter(
      ({ experimentId, deletedAt, runIds, modelIds }) =>
        experimentId !== "0" &&
        now - deletedAt >= olderThanMs &&
        [...runIds, ...modelIds].every((id) => gone.has(id)),
    )
    .map(({ experimentId }) => experimentId);
}

/** Packages and snapshots by what becomes of them. */
export interface FolderPlan extends Plan<FolderFact> {
  /** Something refers to them again, or they are not the tracker's: no longer of interest. */
  readonly forget: readonly FolderFact[];
}

/**
 * Of packages and snapshots those that nothing refers to any more. A trainer that runs and has not
 * yet said which package it makes, or which snapshot it reads, may be about to use any of them.
 */
export function planFolders(
  folders: readonly FolderFact[],
  uses: Uses,
  running: readonly RunningFact[],
  { now, storeUri, olderThanMs }: { now: number; storeUri: string; olderThanMs: number },
): FolderPlan {
  const forget: FolderFact[] = [];
  const unused: FolderFact[] = [];
  for (const folder of folders) {
    const path = pathInStore(folder.location, storeUri) ?? "";
    const isUsed = userOfFolder(path, uses) !== undefined || folder.namedBy.length > 0;
    if (isUsed || !isNamedByDigest(path)) forget.push(folder);
    else if (folder.since === 0 || now - folder.since >= olderThanMs) unused.push(folder);
  }
  const plan = partition(
    unused,
    ({ location }) => pathInStore(location, storeUri) ?? location,
    ({ location }) => {
      const path = pathInStore(location, storeUri) ?? "";
      const field = path.startsWith("datasets/") ? "datasetDigest" : "digest";
      const digest = `sha256:${path.split("/").at(-1) ?? ""}`;
      const run = running.find(
        (one) => one[field] === digest || (one.isTrainer && one[field] === undefined),
      );
      return run && `run ${run.runId} is running and may need it`;
    },
  );
  return { ...plan, forget };
}

/** A version in words. */
export function labelOf({ name, version }: Pick<VersionFact, "name" | "version">): string {
  return `version ${name}/${version}`;
}

function partition<Fact>(
  facts: readonly Fact[],
  what: (fact: Fact) => string,
  whyKept: (fact: Fact) => string | undefined,
): Plan<Fact> {
  const free: Fact[] = [];
  const kept: Kept[] = [];
  for (const fact of facts) {
    const why = whyKept(fact);
    if (why === undefined) free.push(fact);
    else kept.push({ what: what(fact), why });
  }
  return { free, kept };
}

function ranksOf(versions: readonly VersionFact[]): Map<VersionFact, number> {
  const counts = new Map<string, number>();
  const newestFirst = versions.toSorted((a, b) => b.version - a.version);
  return new Map(
    newestFirst.map((one) => {
      const rank = (counts.get(one.name) ?? 0) + 1;
      counts.set(one.name, rank);
      return [one, rank];
    }),
  );
}

/** The versions that are among the latest releases of a stack, with its name. */
export function latestReleases<Version extends Pick<VersionFact, "name" | "version" | "stacks">>(
  versions: readonly Version[],
): Map<Version, string> {
  const byStack = new Map<string, { one: Version; stack: string; at: number }[]>();
  for (const one of versions) {
    for (const [stack, at] of Object.entries(one.stacks)) {
      const key = `${one.name}/${stack}`;
      byStack.set(key, [...(byStack.get(key) ?? []), { one, stack, at }]);
    }
  }
  const latest = [...byStack.values()].flatMap((releases) =>
    releases.toSorted((a, b) => b.at - a.at).slice(0, keptReleases),
  );
  return new Map(latest.map(({ one, stack }) => [one, stack]));
}

/** A version whose artifacts are in the folder of a run or of a logged model. */
function userOf(id: string, location: string, uses: Uses, storeUri: string): string | undefined {
  const path = pathInStore(location, storeUri);
  if (path === undefined) return undefined;
  return userOfFolder(folderOf(id, path) ?? path, uses);
}

/** A version whose artifacts are in a folder, or in one that the folder is in. */
function userOfFolder(path: string, { folders, paths }: Uses): string | undefined {
  const parts = path.split("/");
  const above = parts.map((_, end) => paths.get(parts.slice(0, end + 1).join("/")));
  return folders.get(path) ?? above.find((user) => user !== undefined);
}

/** A path as it stands and as it is when it is percent-encoded: both may be meant. */
function readingsOf(path: string | undefined): string[] {
  if (path === undefined) return [];
  try {
    return [...new Set([path, decodeURIComponent(path)])];
  } catch {
    return [path];
  }
}
