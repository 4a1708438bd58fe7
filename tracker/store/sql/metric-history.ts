import { sql, type Kysely } from "kysely";
import type { MetricHistory, RunMetric, RunStore } from "../runs.ts";
import { metricOf } from "./complete-runs.ts";
import { fetchPage, tokenOfRow, type SortTerm } from "./page.ts";
import type { HistoryTable } from "./sort-metrics.ts";
import type { MetricsTable, TrackerDatabase } from "./schema.ts";

/** Where the values of the runs that are asked for can be read. */
interface Histories {
  readonly db: Kysely<TrackerDatabase>;
  readonly table: HistoryTable;
}

/** The order of the table's key, so that a page is read from the index as it lies there. */
const keyColumns = ["timestamp", "step", "value", "is_nan"] as const;
const order: SortTerm[] = keyColumns.map((column) => ({
  name: column,
  expression: sql<number>`${sql.ref(`metrics.${column}`)}`,
  descending: false,
}));

/** Every value of a metric, by timestamp and then by step. */
export async function metricHistory(
  { db, table }: Histories,
  runId: string,
  { metric_key, max_results, page_token }: Parameters<RunStore["metricHistory"]>[1],
): Promise<MetricHistory> {
  const query = db
    .selectFrom(`${table} as metrics`)
    .select(["key", "timestamp", "step", "value", "is_nan"])
    .where("run_id", "=", runId)
    .where("key", "=", metric_key);
  const { rows, nextPageToken } = await fetchPage(query, order, {
    max_results: max_results ?? Number.MAX_SAFE_INTEGER - 1,
    page_token,
  });
  const last = rows.at(-1);
  const endToken = last ? tokenOfRow(last, order) : page_token;
  return { rows: rows.map(metricOf), nextPageToken, endToken };
}

/** Values of a metric of some runs, run after run. */
export async function metricHistories(
  { db, table }: Histories,
  runIds: readonly string[],
  { metric_key, max_results }: Parameters<RunStore["metricHistories"]>[1],
): Promise<RunMetric[]> {
  let query = db
    .selectFrom(`${table} as metrics`)
    .selectAll()
    .where("run_id", "in", runIds)
    .where("key", "=", metric_key)
    .orderBy("run_id");
  for (const column of keyColumns) query = query.orderBy(column);
  return (await query.limit(max_results).execute()).map(runMetricOf);
}

/** Evenly spaced values of a metric of some runs. */
export async function sampledHistories(
  from: Histories,
  runIds: readonly string[],
  request: Parameters<RunStore["sampledHistories"]>[1],
): Promise<RunMetric[]> {
  const histories: RunMetric[][] = [];
  for (const runId of runIds) histories.push(await sampledHistory(from, runId, request));
  return histories.flat();
}

/**
 * The database picks the values, so that no history is too long. Value `n` of `total`, counted
 * from 0, is one of `count` evenly spaced ones where `n * (count - 1) / (total - 1)` passes a whole
 * number.
 */
async function sampledHistory(
  { db, table }: Histories,
  runId: string,
  { metric_key, max_results: count, steps }: Parameters<RunStore["sampledHistories"]>[1],
): Promise<RunMetric[]> {
  const within = steps ? sql`and step between ${steps.from} and ${steps.to}` : sql``;
  const spaced = sql`(n * ${count - 1}) % nullif(total - 1, 0) < ${count - 1}`;
  const { rows } = await sql<MetricsTable>`
    select run_id, key, timestamp, step, value, is_nan
    from (
      select metrics.*,
        row_number() over (order by step, timestamp, value, is_nan) - 1 as n,
        count(*) over () as total
      from ${sql.table(table)} as metrics
      where run_id = ${runId} and key = ${metric_key} ${within}
    ) as numbered
    where total <= ${count} or ${count === 1 ? sql`n = total - 1` : spaced}
    order by n
  `.execute(db);
  return rows.map(runMetricOf);
}

function runMetricOf(row: MetricsTable): RunMetric {
  return { ...metricOf(row), run_id: row.run_id };
}
