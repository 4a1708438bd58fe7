import { call } from "../call.ts";

/** A key with its value. */
export interface Pair {
  readonly key: string;
  readonly value: string;
}

/** A number, or what JSON has for numbers that it lacks. */
export type JsonNumber = number | "NaN" | "Infinity" | "-Infinity";

/** The latest value of a metric. */
export interface Metric {
  readonly key: string;
  readonly value: JsonNumber;
  readonly timestamp: number;
  readonly step: number;
}

/** What a run is; times are milliseconds since 1970. */
export interface RunInfo {
  readonly run_id: string;
  readonly run_name: string;
  readonly experiment_id: string;
  readonly user_id?: string;
  readonly status: string;
  readonly start_time: number;
  readonly end_time?: number;
  readonly artifact_uri: string;
  readonly lifecycle_stage: string;
}

/** A dataset that went into a run, and what for. */
export interface DatasetInput {
  readonly tags?: readonly Pair[];
  readonly dataset: {
    readonly name: string;
    readonly digest: string;
    readonly source_type: string;
    readonly source: string;
  };
}

/** A model that went into a run or came out of it. */
export interface ModelLink {
  readonly model_id: string;
  readonly step?: number;
}

/** A run with all that is shown of it; what another client left empty may be missing. */
export interface Run {
  readonly info: RunInfo;
  readonly data: {
    readonly metrics?: readonly Metric[];
    readonly params?: readonly Pair[];
    readonly tags?: readonly Pair[];
  };
  readonly inputs?: {
    readonly dataset_inputs?: readonly DatasetInput[];
    readonly model_inputs?: readonly ModelLink[];
  };
  readonly outputs?: { readonly model_outputs?: readonly ModelLink[] };
}

/** Which of the deleted and the others are meant. */
export type ViewType = "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL";

/** A run in the table. */
export interface RunRow {
  readonly run_id: string;
  readonly run_name: string;
  readonly experiment_id: string;
  readonly status: string;
  readonly user_id: string;
  readonly start_time: number;
  readonly end_time?: number;
  readonly lifecycle_stage: string;
  /** In the order of the columns that were asked for. */
  readonly cells: readonly (JsonNumber | string | null)[];
}

/** One page of the table. */
export interface RunPage {
  readonly columns: readonly string[];
  /** Columns that there could be, and how many of these runs have each. */
  readonly column_counts: Readonly<Record<string, number>>;
  readonly runs: readonly RunRow[];
  readonly next_page_token?: string;
}

/** What the table asks for. */
export interface RunSearch {
  readonly experiment_ids: readonly string[];
  readonly filter: string;
  readonly run_view_type: ViewType;
  readonly order_by: readonly string[];
  /** Left out: the tracker chooses. */
  readonly columns?: readonly string[] | undefined;
}

/** A page of the table of runs. */
export function fetchRunPage(
  search: RunSearch,
  page: { readonly max_results: number; readonly page_token?: string | undefined },
  signal: AbortSignal,
): Promise<RunPage> {
  return call("updraft/runs/table", { method: "POST", fields: { ...search, ...page }, signal });
}

/** A run. */
export async function fetchRun(run_id: string, signal?: AbortSignal): Promise<Run> {
  const { run } = await call<{ run: Run }>("mlflow/runs/get", { fields: { run_id }, signal });
  return run;
}

/** Changes what a run is called. */
export async function renameRun(run_id: string, run_name: string): Promise<void> {
  await call("mlflow/runs/update", { method: "POST", fields: { run_id, run_name } });
}

/** Sets a tag of a run, or takes it away. */
export async function setRunTag(run_id: string, key: string, value: string | undefined) {
  if (value === undefined) {
    await call("mlflow/runs/delete-tag", { method: "POST", fields: { run_id, key } });
  } else {
    await call("mlflow/runs/set-tag", { method: "POST", fields: { run_id, key, value } });
  }
}

/** Hides a run, or shows it again. */
export async function moveRun(run_id: string, to: "delete" | "restore"): Promise<void> {
  await call(`mlflow/runs/${to}`, { method: "POST", fields: { run_id } });
}

/** The value of a tag. */
export function tagValue(tags: readonly Pair[] | undefined, key: string): string | undefined {
  return tags?.find((tag) => tag.key === key)?.value;
}
