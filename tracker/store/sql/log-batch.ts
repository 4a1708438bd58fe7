import { sql, type Kysely, type Transaction } from "kysely";
import { invalidParameter } from "../../mlflow-error.ts";
import type { Metric, RunBatch } from "../runs.ts";
import type { Tag } from "../experiments.ts";
import { writeModelMetrics } from "./model-metrics.ts";
import { activeRunRow, runNameTag } from "./run-row.ts";
import type { MetricsTable, TrackerDatabase } from "./schema.ts";

/** How many metrics one statement inserts: databases limit the parameters of a statement. */
const metricsPerStatement = 250;

/** Logs metrics, params and tags in one transaction. */
export async function logBatch(
  db: Kysely<TrackerDatabase>,
  runId: string,
  { metrics, params, tags }: RunBatch,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await activeRunRow(trx, runId);
    if (params.length > 0) await writeParams(trx, runId, params);
    if (metrics.length > 0) await writeMetrics(trx, runId, metrics);
    await writeModelMetrics(trx, runId, metrics);
    if (tags.length > 0) await writeRunTags(trx, runId, tags);
    const name = tags.findLast(({ key }) => key === runNameTag)?.value;
    if (name) {
      await trx.updateTable("runs").set({ run_name: name }).where("run_id", "=", runId).execute();
    }
  });
}

/** Writes tags over those that are there; of two with one key the last counts. */
export async function writeRunTags(
  trx: Transaction<TrackerDatabase>,
  runId: string,
  tags: readonly Tag[],
): Promise<void> {
  const last = new Map(tags.map((tag) => [tag.key, tag.value]));
  await trx
    .insertInto("run_tags")
    .values([...last].map(([key, value]) => ({ run_id: runId, key, value })))
    .onConflict((conflict) =>
      conflict
        .columns(["run_id", "key"])
        .doUpdateSet((eb) => ({ value: eb.ref("excluded.value") })),
    )
    .execute();
}

async function writeParams(
  trx: Transaction<TrackerDatabase>,
  runId: string,
  params: readonly Tag[],
): Promise<void> {
  const there = await trx
    .selectFrom("params")
    .select(["key", "value"])
    .where("run_id", "=", runId)
    .where(
      "key",
      "in",
      params.map(({ key }) => key),
    )
    .execute();
  const values = new Map(there.map(({ key, value }) => [key, value]));
  for (const { key, value } of params) {
    const old = values.get(key);
    if (old === undefined || old === value) continue;
    throw invalidParameter(
      `Changing param values is not allowed. Param with key='${key}' was already logged with value='${old}' for run ID='${runId}'. Attempted logging new value '${value}'.`,
    );
  }
  const added = params.filter(({ key }) => !values.has(key));
  if (added.length === 0) return;
  await trx
    .insertInto("params")
    .values(added.map(({ key, value }) => ({ run_id: runId, key, value })))
    .execute();
}

async function writeMetrics(
  trx: Transaction<TrackerDatabase>,
  runId: string,
  metrics: readonly Metric[],
): Promise<void> {
  const rows = metrics.map((metric) => metricRow(runId, metric));
  for (let start = 0; start < rows.length; start += metricsPerStatement) {
    await trx
      .insertInto("metrics")
      .values(rows.slice(start, start + metricsPerStatement))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const latest = latestRows(rows);
  for (let start = 0; start < latest.length; start += metricsPerStatement) {
    await trx
      .insertInto("latest_metrics")
      .values(latest.slice(start, start + metricsPerStatement))
      .onConflict((conflict) =>
        conflict
          .columns(["run_id", "key"])
          .doUpdateSet((eb) => ({
            timestamp: eb.ref("excluded.timestamp"),
            step: eb.ref("excluded.step"),
            value: eb.ref("excluded.value"),
            is_nan: eb.ref("excluded.is_nan"),
          }))
          .where(
            sql<boolean>`(excluded.step, excluded.timestamp, excluded.value) > (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)`,
          ),
      )
      .execute();
  }
}

function metricRow(runId: string, { key, value, timestamp, step }: Metric): MetricsTable {
  const isNan = Number.isNaN(value);
  return { run_id: runId, key, timestamp, step, value: isNan ? 0 : value, is_nan: isNan ? 1 : 0 };
}

/** Of each metric the row with the highest step, timestamp and value, in this order. */
function latestRows(rows: readonly MetricsTable[]): MetricsTable[] {
  const latest = new Map<string, MetricsTable>();
  for (const row of rows) {
    const other = latest.get(row.key);
    if (!other || isLater(row, other)) latest.set(row.key, row);
  }
  return [...latest.values()];
}

function isLater(row: MetricsTable, other: MetricsTable): boolean {
  if (row.step !== other.step) return row.step > other.step;
  if (row.timestamp !== other.timestamp) return row.timestamp > other.timestamp;
  return row.value > other.value;
}
