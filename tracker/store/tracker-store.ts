import type { ExperimentStore } from "./experiments.ts";
import type { GarbageStore } from "./garbage.ts";
import type { PromotionStore } from "./promotions.ts";
import type { LoggedModelStore } from "./logged-models.ts";
import type { AliasStore, ModelVersionStore, RegisteredModelStore } from "./registry.ts";
import type { RunStore } from "./runs.ts";

/** All that the tracker remembers, whatever database it is in. */
export interface TrackerStore {
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
  readonly loggedModels: LoggedModelStore;
  readonly registeredModels: RegisteredModelStore;
  readonly modelVersions: ModelVersionStore;
  readonly aliases: AliasStore;
  readonly promotions: PromotionStore;
  readonly garbage: GarbageStore;
  /** Asks the database for an answer and nothing else. @throws {HttpError} 503 without one */
  check(): Promise<void>;
  /** Waits for what is being written and lets go of the database. */
  close(): Promise<void>;
}
