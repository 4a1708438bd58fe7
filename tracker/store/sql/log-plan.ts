import type { HttpError } from "@updraft/contracts/http-error";
import { doesNotExist, invalidParameter } from "../../mlflow-error.ts";
import type { Tag } from "../experiments.ts";
import type { LoggedMetric, RunBatch } from "../runs.ts";
import { notActive, runNameTag } from "./run-row.ts";
import type { LifecycleStage } from "./schema.ts";

/** What one request logs. */
export interface LogRequest {
  readonly runId: string;
  readonly batch: RunBatch;
}

/** A run that is logged to. */
export interface LoggedRun {
  readonly stage: LifecycleStage;
  /** How many of its values are not sorted into its histories yet. */
  readonly unsorted: number;
}

/** What the database has of what some requests are about. */
export interface LogState {
  /** The runs that are there, by their ids. */
  readonly runs: ReadonlyMap<string, LoggedRun>;
  /** Values of params, by run and key. */
  readonly params: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The logged models that are there. */
  readonly models: ReadonlySet<string>;
}

/** A value as the tables have it. */
export type MetricRow = readonly [
  runId: string,
  key: string,
  timestamp: number,
  step: number,
  value: number,
  isNan: number,
];

type UnsortedRow = readonly [...MetricRow, position: number];

/** What is to be written for some requests, and which of them cannot be. */
export interface LogPlan {
  /** For each request why it is refused, or undefined. */
  readonly refusals: readonly (HttpError | undefined)[];
  /** Every value, with its place among those of its run that are not sorted yet. */
  readonly metrics: readonly UnsortedRow[];
  /** Of each run and metric the row with the highest step, timestamp and value, in this order. */
  readonly latest: readonly MetricRow[];
  readonly modelMetrics: readonly { readonly runId: string; readonly metric: LoggedMetric }[];
  /** Run, key, value; each run and key once. */
  readonly params: readonly (readonly [string, string, string])[];
  readonly tags: readonly (readonly [string, string, string])[];
  /** The runs that something is written to: how many values are unsorted then, and a new name. */
  readonly runs: ReadonlyMap<string, { readonly unsorted: number; readonly name?: string }>;
}

/**
 * What to write for requests that arrived together, as if one came after the other: a request that
 * is refused writes nothing, and the others do not notice.
 */
export function planLog(requests: readonly LogRequest[], state: LogState): LogPlan {
  const metrics: UnsortedRow[] = [];
  const modelMetrics: LogPlan["modelMetrics"][number][] = [];
  const params = new ValuesByRun();
  const tags = new ValuesByRun();
  const runs = new Map<string, { unsorted: number; name?: string }>();
  const refusals = requests.map(({ runId, batch }) => {
    const refusal = whyNot(runId, batch, state, params);
    if (refusal) return refusal;
    const run = runs.get(runId) ?? { unsorted: state.runs.get(runId)?.unsorted ?? 0 };
    runs.set(runId, run);
    for (const metric of batch.metrics) {
      metrics.push(metricRow(runId, metric, run.unsorted));
      run.unsorted += 1;
      if (metric.model_id) modelMetrics.push({ runId, metric });
    }
    const known = state.params.get(runId);
    for (const { key, value } of batch.params) {
      if (!known?.has(key)) params.set(runId, key, value);
    }
    for (const { key, value } of batch.tags) tags.set(runId, key, value);
    const name = batch.tags.findLast(({ key }) => key === runNameTag)?.value;
    if (name) run.name = name;
    return undefined;
  });
  const latest = latestRows(metrics);
  return {
    refusals,
    metrics,
    latest,
    modelMetrics,
    params: params.rows(),
    tags: tags.rows(),
    runs,
  };
}

function whyNot(
  runId: string,
  { metrics, params }: RunBatch,
  state: LogState,
  accepted: ValuesByRun,
): HttpError | undefined {
  const run = state.runs.get(runId);
  if (run === undefined) return doesNotExist(`Run with id=${runId} not found`);
  if (run.stage !== "active") return notActive(runId, run.stage);
  const known = state.params.get(runId);
  for (const { key, value } of params) {
    const old = known?.get(key) ?? accepted.get(runId, key);
    if (old !== undefined && old !== value) return paramChanged(runId, { key, value }, old);
  }
  const missing = metrics.find(({ model_id }) => model_id && !state.models.has(model_id));
  return missing && doesNotExist(`Logged model with ID '${missing.model_id}' not found.`);
}

function paramChanged(runId: string, { key, value }: Tag, old: string): HttpError {
  return invalidParameter(
    `Changing param values is not allowed. Param with key='${key}' was already logged with value='${old}' for run ID='${runId}'. Attempted logging new value '${value}'.`,
  );
}

/** A NaN is 0 with `is_nan` 1; there is one zero only, as in SQLite. */
function metricRow(
  runId: string,
  { key, value, timestamp, step }: LoggedMetric,
  position: number,
): UnsortedRow {
  const isNan = Number.isNaN(value);
  return [runId, key, timestamp, step, isNan ? 0 : value + 0, isNan ? 1 : 0, position];
}

function latestRows(rows: readonly UnsortedRow[]): MetricRow[] {
  const runs = new Map<string, Map<string, UnsortedRow>>();
  for (const row of rows) {
    const [runId, key] = row;
    let latest = runs.get(runId);
    if (!latest) runs.set(runId, (latest = new Map()));
    const other = latest.get(key);
    if (!other || isLater(row, other)) latest.set(key, row);
  }
  return [...runs.values()].flatMap((latest) =>
    Array.from(latest.values(), ([runId, key, timestamp, step, value, isNan]): MetricRow => [
      runId,
      key,
      timestamp,
      step,
      value,
      isNan,
    ]),
  );
}

function isLater(row: UnsortedRow, other: UnsortedRow): boolean {
  const [, , timestamp, step, value] = row;
  if (step !== other[3]) return step > other[3];
  if (timestamp !== other[2]) return timestamp > other[2];
  return value > other[4];
}

/** Values by run and key, of which the last counts. */
class ValuesByRun {
  readonly #runs = new Map<string, Map<string, string>>();

  get(runId: string, key: string): string | undefined {
    return this.#runs.get(runId)?.get(key);
  }

  set(runId: string, key: string, value: string): void {
    const values = this.#runs.get(runId);
    if (values) values.set(key, value);
    else this.#runs.set(runId, new Map([[key, value]]));
  }

  rows(): [string, string, string][] {
    return [...this.#runs].flatMap(([runId, values]) =>
      [...values].map(([key, value]): [string, string, string] => [runId, key, value]),
    );
  }
}
