import type { Filter } from "../search/filter.ts";
import type { Order } from "../search/order-by.ts";
import type { Page } from "../search/page-token.ts";
import type { LifecycleStage } from "./sql/schema.ts";

/** A key with its value. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** An experiment, in MLflow's words; times are milliseconds since 1970. */
export interface Experiment {
  readonly experiment_id: string;
  readonly name: string;
  /** Where its runs' artifacts go, such as `mlflow-artifacts:/1`. */
  readonly artifact_location: string;
  readonly lifecycle_stage: LifecycleStage;
  readonly creation_time: number;
  readonly last_update_time: number;
  readonly tags: readonly Tag[];
}

/** A dataset that went into runs of an experiment, and what for. */
export interface DatasetSummary {
  readonly experiment_id: string;
  readonly name: string;
  readonly digest: string;
  /** Tag `mlflow.data.context` of the input, if it has one. */
  readonly context?: string | undefined;
}

/** Which of the deleted and the others are meant. */
export type ViewType = "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL";

/** What is asked for in a search. */
export interface SearchRequest {
  readonly filter: Filter;
  readonly order_by: readonly Order[];
  readonly max_results: number;
  readonly page_token?: string | undefined;
}

/** Experiments. What is not there is a 404 `RESOURCE_DOES_NOT_EXIST`. */
export interface ExperimentStore {
  /** @throws {HttpError} 400 `RESOURCE_ALREADY_EXISTS`, also if that one is deleted */
  create(experiment: {
    readonly name: string;
    readonly artifact_location?: string | undefined;
    readonly tags: readonly Tag[];
  }): Promise<string>;
  get(experimentId: string): Promise<Experiment>;
  getByName(name: string): Promise<Experiment>;
  search(request: SearchRequest & { readonly view_type: ViewType }): Promise<Page<Experiment>>;
  rename(experimentId: string, name: string): Promise<void>;
  delete(experimentId: string): Promise<void>;
  restore(experimentId: string): Promise<void>;
  setTag(experimentId: string, tag: Tag): Promise<void>;
  deleteTag(experimentId: string, key: string): Promise<void>;
  /** What went into the runs of some experiments, each dataset once for each use of it. */
  datasets(experimentIds: readonly string[], maxResults: number): Promise<DatasetSummary[]>;
}
