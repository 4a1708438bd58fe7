import type {
  ExperimentFact,
  FolderFact,
  LoggedModelFact,
  RunFact,
  RunningFact,
  VersionFact,
} from "../gc/plan.ts";

/**
 * What `gc` needs to know and to change. Rows go first, and with them an address is noted whose
 * bytes are to be removed: whoever comes next can finish what was interrupted.
 */
export interface GarbageStore {
  versionFacts(): Promise<VersionFact[]>;
  runningFacts(): Promise<RunningFact[]>;
  /** Deleted runs in the order of their ids, those after one. */
  deletedRuns(request: {
    readonly experimentIds?: readonly string[] | undefined;
    readonly after: string;
    readonly limit: number;
  }): Promise<RunFact[]>;
  /** Runs of an experiment that are not deleted, but its newest; those older than one. */
  displacedRuns(request: {
    readonly experimentId: string;
    /** How many are the newest. */
    readonly keep: number;
    readonly after?: Pick<RunFact, "runId" | "startedAt"> | undefined;
    readonly limit: number;
  }): Promise<RunFact[]>;
  experimentIds(): Promise<string[]>;
  /**
   * Those that are deleted, or whose experiment is; where runs are given, those that these made.
   */
  loggedModelFacts(request: {
    readonly experimentIds?: readonly string[] | undefined;
    readonly ofRuns: readonly string[];
  }): Promise<LoggedModelFact[]>;
  /** Deleted experiments. */
  experimentFacts(experimentIds?: readonly string[]): Promise<ExperimentFact[]>;
  /** Packages and snapshots that lost something that referred to them. */
  unusedFolders(): Promise<{ readonly location: string; readonly since: number }[]>;
  /** The runs and versions whose tags or inputs name a snapshot. */
  namersOf(datasetDigest: string): Promise<{
    readonly runIds: readonly string[];
    readonly versions: readonly Pick<VersionFact, "name" | "version">[];
  }>;

  /**
   * Each deletes what is still dead and gives what it has deleted. A fact's location is the
   * address to remove then; the empty text is none.
   */
  freeVersions(versions: readonly VersionFact[]): Promise<VersionFact[]>;
  freeRuns(runs: readonly RunFact[]): Promise<RunFact[]>;
  freeLoggedModels(models: readonly LoggedModelFact[]): Promise<LoggedModelFact[]>;
  freeExperiments(experimentIds: readonly string[]): Promise<string[]>;
  /** Notes that the bytes of packages and snapshots go, unless a version came to refer to them. */
  freeFolders(folders: readonly FolderFact[]): Promise<FolderFact[]>;
  forgetFolders(folders: readonly FolderFact[]): Promise<void>;

  /** Addresses whose bytes are to be removed. */
  removals(): Promise<string[]>;
  /** The bytes are gone. */
  removed(locations: readonly string[]): Promise<void>;
}
