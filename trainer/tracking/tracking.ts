import type { FileContents } from "@updraft/contracts/artifact-store";
import type { Digest } from "@updraft/contracts/digest";
import type { Snapshot } from "../data/snapshot.ts";

/** Where runs and versions are recorded. */
export interface Tracking {
  /**
   * Starts a run. Runs of the same experiment whose trainer ended without closing them are marked
   * as failed first.
   * @throws if the place cannot be reached
   */
  startRun(start: RunStart): Promise<TrackedRun>;
  readonly registry: ModelRegistry;
}

export interface RunStart {
  readonly experiment: string;
  readonly model: string;
  /** Commit of the working tree, where there is one. */
  readonly gitCommit: string | undefined;
  readonly params: Readonly<Record<string, string>>;
}

/** How a run ends. */
export type RunStatus = "FINISHED" | "FAILED" | "KILLED";

/** A run that is being recorded. What is noted is sent soon, in order, and kept until it is sent. */
export interface TrackedRun {
  readonly id: string;
  /** The experiment that it belongs to in the tracker; none without a tracker. */
  readonly experimentId: string | undefined;
  noteMetrics(step: number, metrics: Readonly<Record<string, number>>): void;
  noteTags(tags: Readonly<Record<string, string>>): void;
  logDataset(name: string, snapshot: Snapshot): Promise<void>;
  logFiles(files: FileContents): Promise<void>;
  /** Sends what is noted and closes the run. */
  end(status: RunStatus): Promise<void>;
}

/** A version of a registered model. */
export interface RegisteredVersion {
  /** A number as text. */
  readonly version: string;
  readonly digest: Digest;
  /** Address of the package. */
  readonly uri: string;
}

/** A package that becomes a version. */
export interface Registration {
  readonly digest: Digest;
  readonly uri: string;
  readonly runId: string;
  readonly tags: Readonly<Record<string, string>>;
}

export type Alias = "champion" | "challenger";

export interface ModelRegistry {
  /** The version an alias points to. */
  versionOf(model: string, alias: Alias): Promise<RegisteredVersion | undefined>;
  /** Makes a version of a package, or finds the one that it already is; sets its tags. */
  register(model: string, registration: Registration): Promise<string>;
  /** @param reason kept with the move by a tracker that keeps such things */
  setAlias(model: string, alias: Alias, version: string, reason?: string): Promise<void>;
  removeAlias(model: string, alias: Alias): Promise<void>;
}
