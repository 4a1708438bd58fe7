import type { Kysely, Transaction } from "kysely";
import { doesNotExist } from "../../mlflow-error.ts";
import type { ModelMetric } from "../logged-models.ts";
import type { LoggedMetric } from "../runs.ts";
import { groupedBy } from "./grouped-by.ts";
import type { LoggedModelMetricsTable, TrackerDatabase } from "./schema.ts";

/** How many metrics one statement inserts: databases limit the parameters of a statement. */
const metricsPerStatement = 250;

/**
 * Keeps those of a run's metrics that are about logged models. What is there already stays as it
 * is, so that it can be repeated.
 * @throws {HttpError} 404 if there is no such model
 */
export async function writeModelMetrics(
  trx: Transaction<TrackerDatabase>,
  runId: string,
  metrics: readonly LoggedMetric[],
): Promise<void> {
  const rows = metrics.flatMap((metric) => {
    const { model_id } = metric;
    return model_id ? [modelMetricRow(runId, { ...metric, model_id })] : [];
  });
  if (rows.length === 0) return;
  await checkModels(trx, [...new Set(rows.map((row) => row.model_id))]);
  for (let start = 0; start < rows.length; start += metricsPerStatement) {
    await trx
      .insertInto("logged_model_metrics")
      .values(rows.slice(start, start + metricsPerStatement))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
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

async function checkModels(trx: Transaction<TrackerDatabase>, ids: string[]): Promise<void> {
  const found = await trx
    .selectFrom("logged_models")
    .select("model_id")
    .where("model_id", "in", ids)
    .execute();
  const known = new Set(found.map(({ model_id }) => model_id));
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) throw doesNotExist(`Logged model with ID '${missing}' not found.`);
}

function modelMetricRow(
  runId: string,
  metric: LoggedMetric & { readonly model_id: string },
): LoggedModelMetricsTable {
  const isNan = Number.isNaN(metric.value);
  return {
    model_id: metric.model_id,
    key: metric.key,
    timestamp: metric.timestamp,
    step: metric.step,
    run_id: runId,
    dataset_name: metric.dataset_name ?? "",
    dataset_digest: metric.dataset_digest ?? "",
    value: isNan ? 0 : metric.value,
    is_nan: isNan ? 1 : 0,
  };
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
