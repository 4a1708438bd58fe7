import type {
  ExperimentFact,
  FolderFact,
  LoggedModelFact,
  RunFact,
  RunningFact,
  VersionFact,
} from "../gc/plan.ts";

/** Which runs may be freed, in pages. */
export interface RunFactsRequest {
  readonly experimentIds?: readonly string[] | undefined;
  /** Also runs that are not deleted, beyond the newest of each experiment. */
  readonly keepRuns?: number | undefined;
  /** Those after this id. */
  readonly after: string;
  readonly limit: number;
}

/**
 * What `gc` needs to know and to change. Rows go first, and with them an address is noted whose
 * bytes are to be removed: whoever comes next can finish what was interrupted.
 */
export interface GarbageStore {
  versionFacts(): Promise<VersionFact[]>;
  runningFacts(): Promise<RunningFact[]>;
  /** Deleted runs and displaced ones, in the order of their ids. */
  runFacts(request: RunFactsRequest): Promise<RunFact[]>;
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
  removed(location: string): Promise<void>;
}
