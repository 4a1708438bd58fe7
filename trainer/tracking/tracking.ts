import type { FileContents } from "@updraft/contracts/artifact-store";
import type { Digest } from "@updraft/contracts/digest";
import type { Snapshot } from "../data/snapshot.ts";

/** The metric of an epoch that is noted last: a run that has it has all of that epoch's. */
export const lastOfEpoch = "learning_rate";

/** Where runs and versions are recorded. */
export interface Tracking {
  /**
   * Starts a run. Runs of the same experiment whose trainer ended without closing them are marked
   * as failed first.
   * @throws if the place cannot be reached
   */
  startRun(start: RunStart): Promise<TrackedRun>;
  /** Every run of every trial of a sweep. */
  trialsOf(experiment: string, sweepId: string): Promise<RecordedTrial[]>;
  /** The experiment that a run belongs to; none without a tracker, or if the run is gone. */
  experimentOf(runId: string): Promise<string | undefined>;
  readonly registry: ModelRegistry;
}

export interface RunStart {
  readonly experiment: string;
  readonly model: string;
  /** Commit of the working tree, where there is one. */
  readonly gitCommit: string | undefined;
  readonly params: Readonly<Record<string, string>>;
  /**
   * Makes it the run of a trial, or, without an index, the run that the trials of the sweep are
   * children of.
   */
  readonly sweep?: { readonly id: string; readonly trial?: number };
  /** The run whose training is gone on with. */
  readonly resume?: {
    readonly runId: string;
    /** Whether it may be the same run, if its process is gone. */
    readonly mayTakeOver: boolean;
  };
}

/** How a run ends. */
export type RunStatus = "FINISHED" | "FAILED" | "KILLED";

/** A run that is being recorded. What is noted is sent soon, in order, and kept until it is sent. */
export interface TrackedRun {
  readonly id: string;
  /** The experiment that it belongs to in the tracker; none without a tracker. */
  readonly experimentId: string | undefined;
  /** The epochs whose metrics it has already: none unless it was taken over. */
  readonly loggedEpochs: ReadonlySet<number>;
  noteMetrics(step: number, metrics: Readonly<Record<string, number>>): void;
  noteTags(tags: Readonly<Record<string, string>>): void;
  /** Notes what is known only now; a parameter is noted once. */
  noteParams(params: Readonly<Record<string, string>>): void;
  /** Notes what a trial came to. @param step the epoch whose weights it has */
  noteTrial(step: number, result: TrialResult): void;
  noteDataset(name: string, snapshot: Snapshot): void;
  noteFiles(files: FileContents): void;
  /** Writes artifacts, and waits until the tracker has them. */
  logFiles(files: FileContents): Promise<void>;
  /** Sends what is noted and closes the run. */
  end(status: RunStatus): Promise<void>;
}

/** What a trial has left behind. */
export interface TrialResult {
  readonly digest: Digest;
  /** Address of the package. */
  readonly uri: string;
  readonly codeDigest: Digest;
  /** On the validation split, in the epoch whose weights the package has. */
  readonly metrics: { readonly val_accuracy?: number; readonly val_loss: number };
}

/** A run of a trial, as it is recorded; of one that failed much is missing. */
export interface RecordedTrial {
  /** From 0. */
  readonly index: number;
  readonly runId: string;
  /** MLflow's: `FINISHED`. */
  readonly status: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly digest: Digest | undefined;
  readonly uri: string | undefined;
  readonly datasetDigest: string | undefined;
  readonly codeDigest: string | undefined;
  /** Why it failed. */
  readonly failure: string | undefined;
  readonly metrics: Readonly<Record<"val_accuracy" | "val_loss", number | undefined>>;
}

/** A version of a registered model. */
export interface RegisteredVersion {
  /** A number as text. */
  readonly version: string;
  readonly digest: Digest;
  /** Address of the package. */
  readonly uri: string;
  /** The run that has made it, where the registry says so. */
  readonly runId: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
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
  /** A version by its number, or by the digest of its package. */
  find(model: string, pin: string): Promise<RegisteredVersion | undefined>;
  /** The versions that have a tag and say which package they are. */
  withTag(model: string, tag: string): Promise<RegisteredVersion[]>;
  /** Makes a version of a package, or finds the one that it already is; sets its tags. */
  register(model: string, registration: Registration): Promise<string>;
  /** Sets tags of a version, beside those that it has. */
  setTags(model: string, version: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** @param reason kept with the move by a tracker that keeps such things */
  setAlias(model: string, alias: Alias, version: string, reason?: string): Promise<void>;
  removeAlias(model: string, alias: Alias): Promise<void>;
}
