import type { PromotionCause, PromotionKind } from "../promotions.ts";

/** `active`, or `deleted`: hidden, but to be had back. */
export type LifecycleStage = "active" | "deleted";

/** A key with a value, of whatever the other columns name. */
interface KeyValue {
  key: string;
  value: string;
}

/** The last number that was given out for a kind of thing; numbers are never given out twice. */
export interface CountersTable {
  name: string;
  value: number;
}

export interface ExperimentsTable {
  experiment_id: number;
  name: string;
  artifact_location: string;
  lifecycle_stage: LifecycleStage;
  /** Milliseconds since 1970, as all times here. */
  creation_time: number;
  last_update_time: number;
}

export interface ExperimentTagsTable extends KeyValue {
  experiment_id: number;
}

export interface RunsTable {
  run_id: string;
  experiment_id: number;
  run_name: string;
  user_id: string;
  status: string;
  start_time: number;
  end_time: number | null;
  lifecycle_stage: LifecycleStage;
  deleted_time: number | null;
  artifact_uri: string;
  /** Counts the changes of the run and of its values. */
  revision: number;
  /** How many of its values are in `unsorted_metrics`. */
  unsorted: number;
}

export interface RunTagsTable extends KeyValue {
  run_id: string;
}

export interface ParamsTable extends KeyValue {
  run_id: string;
}

/** One logged value. A NaN is 0 with `is_nan` 1, because SQLite has no NaN; infinities are kept. */
export interface MetricsTable {
  run_id: string;
  key: string;
  timestamp: number;
  step: number;
  value: number;
  is_nan: number;
}

/** Logged values that are still to be sorted into `metrics`, as they came. */
export interface UnsortedMetricsTable extends MetricsTable {
  /** Counts those of a run, from 0. */
  position: number;
}

export interface DatasetsTable {
  dataset_uuid: string;
  experiment_id: number;
  name: string;
  digest: string;
  source_type: string;
  source: string;
  schema: string | null;
  profile: string | null;
}

export interface RunInputsTable {
  run_id: string;
  dataset_uuid: string;
  /** Place among the inputs of the run, from 0. */
  position: number;
}

export interface RunInputTagsTable extends KeyValue {
  run_id: string;
  dataset_uuid: string;
}

export interface RegisteredModelsTable {
  name: string;
  description: string | null;
  creation_time: number;
  last_updated_time: number;
  /** Highest version so far, deleted ones included. */
  last_version: number;
}

export interface RegisteredModelTagsTable extends KeyValue {
  name: string;
}

export interface ModelVersionsTable {
  name: string;
  version: number;
  description: string | null;
  creation_time: number;
  last_updated_time: number;
  current_stage: string;
  source: string;
  /** Where the artifacts are, once a `models:/` source is resolved. */
  storage_location: string;
  run_id: string | null;
  run_link: string | null;
  status: string;
  /** The logged model that it is, if it is one. */
  model_id: string | null;
}

export interface ModelVersionTagsTable extends KeyValue {
  name: string;
  version: number;
}

export interface AliasesTable {
  name: string;
  alias: string;
  version: number;
}

/** A move of an alias or between stages, kept for good, even when model or version are deleted. */
export interface PromotionsTable {
  /** Counts the moves, from 1. */
  move_id: number;
  kind: PromotionKind;
  /** Follows the model when it is renamed. */
  name: string;
  /** Stays. */
  recorded_name: string;
  alias: string | null;
  from_version: number | null;
  to_version: number | null;
  from_stage: string | null;
  to_stage: string | null;
  moved_at: number;
  moved_by: string | null;
  client: string | null;
  cause: PromotionCause;
  reason: string | null;
  /** The tags of the version it moved to, or of its run, at that time. */
  gate: string | null;
  gate_table: string | null;
  digest: string | null;
}

/** A model as it was logged, before or without being registered. */
export interface LoggedModelsTable {
  model_id: string;
  experiment_id: number;
  name: string;
  artifact_location: string;
  creation_time: number;
  last_updated_time: number;
  status: string;
  lifecycle_stage: LifecycleStage;
  model_type: string | null;
  source_run_id: string | null;
}

export interface LoggedModelTagsTable extends KeyValue {
  model_id: string;
}

export interface LoggedModelParamsTable extends KeyValue {
  model_id: string;
}

/** A value that a run logged about a model; a dataset that is not named is the empty text. */
export interface LoggedModelMetricsTable extends MetricsTable {
  model_id: string;
  dataset_name: string;
  dataset_digest: string;
}

/** A model that goes into a run or comes out of it. It may be missing, as in MLflow. */
export interface RunModelsTable {
  run_id: string;
  role: "input" | "output";
  model_id: string;
  /** Step of the run that it comes out at; 0 where it goes in. */
  step: number;
  /** Place among the models of this role of the run, from 0. */
  position: number;
}

/** An address that lost something that referred to it. */
export interface UnusedLocationsTable {
  location: string;
  since: number;
  /** 1 if its bytes are to be removed, because the rows are gone already. */
  freeing: number;
}

/** The tables, as Kysely sees them. */
export interface TrackerDatabase {
  counters: CountersTable;
  experiments: ExperimentsTable;
  experiment_tags: ExperimentTagsTable;
  runs: RunsTable;
  run_tags: RunTagsTable;
  params: ParamsTable;
  metrics: MetricsTable;
  unsorted_metrics: UnsortedMetricsTable;
  /** Both of them; reading a history from here takes sorting all of it. */
  all_metrics: MetricsTable;
  latest_metrics: MetricsTable;
  datasets: DatasetsTable;
  run_inputs: RunInputsTable;
  run_input_tags: RunInputTagsTable;
  registered_models: RegisteredModelsTable;
  registered_model_tags: RegisteredModelTagsTable;
  model_versions: ModelVersionsTable;
  model_version_tags: ModelVersionTagsTable;
  aliases: AliasesTable;
  promotions: PromotionsTable;
  unused_locations: UnusedLocationsTable;
  logged_models: LoggedModelsTable;
  logged_model_tags: LoggedModelTagsTable;
  logged_model_params: LoggedModelParamsTable;
  logged_model_metrics: LoggedModelMetricsTable;
  run_models: RunModelsTable;
}
