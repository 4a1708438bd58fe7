import type { Page } from "../search/page-token.ts";
import type { SearchRequest, Tag, ViewType } from "./experiments.ts";
import type { LifecycleStage } from "./sql/schema.ts";

/** How a run is doing. */
export const runStatuses = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"] as const;
export type RunStatus = (typeof runStatuses)[number];

/** What a run is, in MLflow's words; times are milliseconds since 1970. */
export interface RunInfo {
  readonly run_id: string;
  readonly run_uuid: string;
  readonly run_name: string;
  readonly experiment_id: string;
  readonly user_id: string;
  readonly status: RunStatus;
  readonly start_time: number;
  readonly end_time?: number | undefined;
  /** Such as `mlflow-artifacts:/1/<run id>/artifacts`. */
  readonly artifact_uri: string;
  readonly lifecycle_stage: LifecycleStage;
}

/** One logged value; it may be NaN or infinite. */
export interface Metric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

/** A value that says which logged model it is about, and measured on which dataset. */
export interface LoggedMetric extends Metric {
  readonly model_id?: string | undefined;
  readonly dataset_name?: string | undefined;
  readonly dataset_digest?: string | undefined;
}

/** A value of a metric and the run that logged it. */
export interface RunMetric extends Metric {
  readonly run_id: string;
}

/** A dataset as it was named when it was logged. */
export interface Dataset {
  readonly name: string;
  readonly digest: string;
  readonly source_type: string;
  readonly source: string;
  readonly schema?: string | undefined;
  readonly profile?: string | undefined;
}

/** A dataset that went into a run, and what for (tag `mlflow.data.context`). */
export interface DatasetInput {
  readonly dataset: Dataset;
  readonly tags: readonly Tag[];
}

/** A logged model that came out of a run, and at which step of it. */
export interface ModelOutput {
  readonly model_id: string;
  readonly step: number;
}

/** What goes into a run. */
export interface RunInputs {
  readonly dataset_inputs: readonly DatasetInput[];
  /** Logged models. */
  readonly model_inputs: readonly { readonly model_id: string }[];
}

/** A run with all that is shown of it at once: of each metric the latest value. */
export interface Run {
  readonly info: RunInfo;
  readonly data: {
    readonly metrics: readonly Metric[];
    readonly params: readonly Tag[];
    readonly tags: readonly Tag[];
  };
  readonly inputs: RunInputs;
  readonly outputs: { readonly model_outputs: readonly ModelOutput[] };
}

/** One page of a metric's values. */
export interface MetricHistory extends Page<Metric> {
  /**
   * The page token of what is logged after these values, also while there is nothing yet.
   * Undefined if there are no values at all.
   */
  readonly endToken?: string | undefined;
}

/** How much happens in an experiment; deleted runs do not count. */
export interface ExperimentActivity {
  readonly experiment_id: string;
  readonly runs: number;
  /** Runs that are going on. */
  readonly running: number;
  /** When the latest one started, in milliseconds since 1970. */
  readonly last_start_time: number;
}

/** What is logged to a run in one go. */
export interface RunBatch {
  readonly metrics: readonly LoggedMetric[];
  readonly params: readonly Tag[];
  readonly tags: readonly Tag[];
}

/**
 * Runs and what they log. What is not there is a 404 `RESOURCE_DOES_NOT_EXIST`; a deleted run
 * takes no more logs, which is a 400.
 */
export interface RunStore {
  create(run: {
    readonly experiment_id: string;
    readonly run_name: string;
    readonly user_id: string;
    readonly start_time: number;
    readonly tags: readonly Tag[];
  }): Promise<Run>;
  get(runId: string): Promise<Run>;
  update(
    runId: string,
    changes: {
      readonly status?: RunStatus | undefined;
      readonly end_time?: number | undefined;
      readonly run_name?: string | undefined;
    },
  ): Promise<RunInfo>;
  delete(runId: string): Promise<void>;
  restore(runId: string): Promise<void>;
  search(
    request: SearchRequest & {
      readonly experiment_ids: readonly string[];
      readonly run_view_type: ViewType;
    },
  ): Promise<Page<Run>>;
  /**
   * Logs all of it or nothing. What is there already stays as it is, so that it can be repeated.
   * @throws {HttpError} 400 if a param has another value already, 404 if there is no such model
   */
  log(runId: string, batch: RunBatch): Promise<void>;
  /** Inputs that the run has already stay as they are. */
  logInputs(runId: string, inputs: RunInputs): Promise<void>;
  logOutputs(runId: string, models: readonly ModelOutput[]): Promise<void>;
  /** Adds a model, as clients before MLflow 3 describe it, to those that the run's tag lists. */
  recordModel(runId: string, model: object): Promise<void>;
  deleteTag(runId: string, key: string): Promise<void>;
  /** Every value of a metric, in the order of their timestamps, then of their steps. */
  metricHistory(
    runId: string,
    request: {
      readonly metric_key: string;
      readonly max_results?: number | undefined;
      readonly page_token?: string | undefined;
    },
  ): Promise<MetricHistory>;
  /** The values of a metric of some runs, run after run, each in the order of its history. */
  metricHistories(
    runIds: readonly string[],
    request: { readonly metric_key: string; readonly max_results: number },
  ): Promise<RunMetric[]>;
  /**
   * Of each run as many values of a metric as are asked for, evenly spaced in the order of their
   * steps, the first and the last among them.
   */
  sampledHistories(
    runIds: readonly string[],
    request: {
      readonly metric_key: string;
      /** For each run; with 1 it is the last value. */
      readonly max_results: number;
      /** Both ends belong to it. */
      readonly steps?: { readonly from: number; readonly to: number } | undefined;
    },
  ): Promise<RunMetric[]>;
  /** The experiments that have runs. */
  activity(): Promise<ExperimentActivity[]>;
}
