import type { Kysely, Transaction } from "kysely";
import type { ModelMetric } from "../logged-models.ts";
import { bulkInsert, type BulkTarget } from "./bulk-insert.ts";
import { groupedBy } from "./grouped-by.ts";
import type { LogPlan } from "./log-plan.ts";
import type { LoggedModelMetricsTable, TrackerDatabase } from "./schema.ts";

const target: BulkTarget = {
  table: "logged_model_metrics",
  columns: {
    model_id: "text",
    key: "text",
    timestamp: "bigint",
    step: "bigint",
    run_id: "text",
    dataset_name: "text",
    dataset_digest: "text",
    value: "double precision",
    is_nan: "smallint",
  },
  onConflict: "do nothing",
};

/**
 * Keeps those of runs' metrics that are about logged models, which must be there. What is there
 * already stays as it is, so that it can be repeated.
 */
export async function writeModelMetrics(
  trx: Transaction<TrackerDatabase>,
  metrics: LogPlan["modelMetrics"],
): Promise<void> {
  const rows = metrics.map(({ runId, metric }) => {
    const isNan = Number.isNaN(metric.value);
    return [
      metric.model_id ?? "",
      metric.key,
      metric.timestamp,
      metric.step,
      runId,
      metric.dataset_name ?? "",
      metric.dataset_digest ?? "",
      isNan ? 0 : metric.value + 0,
      isNan ? 1 : 0,
    ];
  });
  await bulkInsert(trx, target, rows);
}

/** All that was logged about each of some models, by metric and then by time. */
export async function modelMetrics(
  db: Kysely<TrackerDatabase>,
  modelIds: readonly string[],
): Promise<Map<string, ModelMetric[]>> {
  const rows = await db
    .selectFrom("logged_model_metrics")
    .selectAll()
    .where("model_id", "in", modelIds)
    .orderBy("model_id")
    .orderBy("key")
    .orderBy("timestamp")
    .orderBy("step")
    .orderBy("run_id")
    .orderBy("dataset_name")
    .orderBy("dataset_digest")
    .orderBy("value")
    .execute();
  return groupedBy(rows, (row) => row.model_id, modelMetricOf);
}

function modelMetricOf(row: LoggedModelMetricsTable): ModelMetric {
  return {
    key: row.key,
    value: row.is_nan ? Number.NaN : row.value,
    timestamp: row.timestamp,
    step: row.step,
    run_id: row.run_id,
    model_id: row.model_id,
    dataset_name: row.dataset_name || undefined,
    dataset_digest: row.dataset_digest || undefined,
  };
}
