import type { Run } from "../store/runs.ts";
import { jsonDouble, type JsonDouble } from "./json.ts";

/** What a cell of the table of runs holds; null where the run has nothing of that name. */
export type Cell = JsonDouble | string | null;

/** How many runs have a metric, a param or a tag of a name. */
export type KeyCounts = Readonly<Record<string, number>>;

/** A run in the table: what every table shows, and the columns that were asked for. */
export interface RunRow {
  readonly run_id: string;
  readonly run_name: string;
  readonly experiment_id: string;
  readonly status: string;
  readonly user_id: string;
  readonly start_time: number;
  readonly end_time?: number | undefined;
  readonly lifecycle_stage: string;
  /** In the order of the columns. */
  readonly cells: readonly Cell[];
}

/** Longest text in a cell: nobody reads more in a table. */
const longestText = 200;

/** A run as a row. Columns are `metrics.<key>`, `params.<key>` and `tags.<key>`. */
export function runRow({ info, data }: Run, columns: readonly string[]): RunRow {
  const { run_id, run_name, experiment_id, status, user_id, start_time, end_time } = info;
  const values = new Map<string, Cell>();
  for (const { key, value } of data.metrics) values.set(`metrics.${key}`, jsonDouble(value));
  for (const { key, value } of data.params) values.set(`params.${key}`, shortened(value));
  for (const { key, value } of data.tags) values.set(`tags.${key}`, shortened(value));
  return {
    run_id,
    run_name,
    experiment_id,
    status,
    user_id,
    start_time,
    end_time,
    lifecycle_stage: info.lifecycle_stage,
    cells: columns.map((column) => values.get(column) ?? null),
  };
}

/** The columns that these runs could show, and how many of them have each. */
export function columnCounts(runs: readonly Run[]): KeyCounts {
  const counts: Record<string, number> = {};
  const count = (entity: string, { key }: { readonly key: string }) => {
    const column = `${entity}.${key}`;
    counts[column] = (counts[column] ?? 0) + 1;
  };
  for (const { data } of runs) {
    for (const metric of data.metrics) count("metrics", metric);
    for (const param of data.params) count("params", param);
    for (const tag of data.tags) count("tags", tag);
  }
  return counts;
}

/** Metrics that readers look for first, in this order. */
const mainMetrics = ["accuracy", "f1", "r2", "rmse", "logLoss", "loss", "val_accuracy", "val_loss"];

/** How many columns are shown as long as nobody has chosen any. */
const shown = { metrics: 4, params: 3 };

/**
 * The columns that say most about these runs: the gate's verdict, the main metrics or else those
 * that most runs have, and params that are not the same everywhere.
 */
export function defaultColumns(runs: readonly Run[]): string[] {
  const counts = columnCounts(runs);
  const mostFirst = (entity: string) =>
    Object.keys(counts)
      .filter((column) => column.startsWith(`${entity}.`) && !column.includes("system/"))
      .toSorted((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || (a < b ? -1 : 1));
  const main = mainMetrics.map((key) => `metrics.${key}`).filter((column) => column in counts);
  const metrics = [...new Set([...main, ...mostFirst("metrics")])].slice(0, shown.metrics);
  const varied = variedParams(runs);
  const params = mostFirst("params").filter((column) => varied.has(column));
  const gate = "tags.updraft.gate" in counts ? ["tags.updraft.gate"] : [];
  return [...gate, ...metrics, ...params.slice(0, shown.params)];
}

function variedParams(runs: readonly Run[]): Set<string> {
  const first = new Map<string, string>();
  const varied = new Set<string>();
  for (const { key, value } of runs.flatMap(({ data }) => data.params)) {
    if ((first.get(key) ?? value) !== value) varied.add(`params.${key}`);
    first.set(key, value);
  }
  return varied;
}

function shortened(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`;
}
