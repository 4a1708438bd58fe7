import type { Filter } from "../search/filter.ts";
import type { Page } from "../search/page-token.ts";
import type { Tag } from "./experiments.ts";
import type { LoggedMetric, RunMetric } from "./runs.ts";

/** How far the upload of a model is; MLflow numbers them from 0. */
export const loggedModelStatuses = [
  "LOGGED_MODEL_STATUS_UNSPECIFIED",
  "LOGGED_MODEL_PENDING",
  "LOGGED_MODEL_READY",
  "LOGGED_MODEL_UPLOAD_FAILED",
] as const;
export type LoggedModelStatus = (typeof loggedModelStatuses)[number];

/** A value that a run logged about a model. */
export interface ModelMetric extends LoggedMetric, RunMetric {
  readonly model_id: string;
}

/** A logged model of MLflow 3, in its words; times are milliseconds since 1970. */
export interface LoggedModel {
  readonly info: {
    /** `m-` and 32 hexadecimal digits. */
    readonly model_id: string;
    readonly experiment_id: string;
    readonly name: string;
    readonly creation_timestamp_ms: number;
    readonly last_updated_timestamp_ms: number;
    /** Such as `mlflow-artifacts:/1/models/m-<32 digits>/artifacts`. */
    readonly artifact_uri: string;
    readonly status: LoggedModelStatus;
    readonly model_type?: string | undefined;
    readonly source_run_id?: string | undefined;
    readonly tags: readonly Tag[];
  };
  readonly data: { readonly params: readonly Tag[]; readonly metrics: readonly ModelMetric[] };
}

/** What the metrics of a search are measured on; every digest if none is named. */
export interface MeasuredOn {
  readonly dataset_name: string;
  readonly dataset_digest?: string | undefined;
}

/** One thing to sort logged models by: an attribute, or the latest value of a metric. */
export interface ModelOrder extends Partial<MeasuredOn> {
  readonly entity: "attribute" | "metric";
  readonly key: string;
  readonly descending: boolean;
}

/**
 * Logged models. What is not there is a 404 `RESOURCE_DOES_NOT_EXIST`; a deleted model is not
 * there but for {@link LoggedModelStore.get} with `deleted`.
 */
export interface LoggedModelStore {
  create(model: {
    readonly experiment_id: string;
    readonly name: string;
    readonly source_run_id?: string | undefined;
    readonly model_type?: string | undefined;
    readonly params: readonly Tag[];
    readonly tags: readonly Tag[];
  }): Promise<LoggedModel>;
  get(modelId: string, options?: { readonly deleted: boolean }): Promise<LoggedModel>;
  finalize(modelId: string, status: LoggedModelStatus): Promise<LoggedModel>;
  delete(modelId: string): Promise<void>;
  setTags(modelId: string, tags: readonly Tag[]): Promise<void>;
  deleteTag(modelId: string, key: string): Promise<void>;
  /** @throws {HttpError} 400 if a param has another value already */
  logParams(modelId: string, params: readonly Tag[]): Promise<void>;
  search(request: {
    readonly experiment_ids: readonly string[];
    readonly filter: Filter;
    /** Models with a metric on one of these; empty: any model. */
    readonly datasets: readonly MeasuredOn[];
    readonly order_by: readonly ModelOrder[];
    readonly max_results: number;
    readonly page_token?: string | undefined;
  }): Promise<Page<LoggedModel>>;
}
