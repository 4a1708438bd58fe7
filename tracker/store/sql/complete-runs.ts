import type { Kysely } from "kysely";
import type { Tag } from "../experiments.ts";
import type { DatasetInput, Metric, Run } from "../runs.ts";
import { groupedBy } from "./grouped-by.ts";
import { modelInputsIn, modelOutputsIn, runModels } from "./run-models.ts";
import type { RunCache } from "./run-cache.ts";
import { runInfoOf } from "./run-row.ts";
import type { MetricsTable, RunsTable, TrackerDatabase } from "./schema.ts";

type Db = Kysely<TrackerDatabase>;

/** How many runs one statement fetches the data of. */
const runsPerStatement = 500;

/**
 * Runs with their latest metrics, params, tags, inputs and outputs, in the order of their rows.
 * @param cache what is known of those whose rows were read just now
 */
export async function completeRuns(
  db: Db,
  rows: readonly RunsTable[],
  cache: RunCache,
): Promise<Run[]> {
  const runs = new Map<string, Run>();
  const unknown: RunsTable[] = [];
  for (const row of rows) {
    const kept = cache.get(row);
    if (kept) runs.set(row.run_id, kept);
    else unknown.push(row);
  }
  for (let start = 0; start < unknown.length; start += runsPerStatement) {
    const some = unknown.slice(start, start + runsPerStatement);
    const read = await readRuns(db, some);
    for (const [index, run] of read.entries()) {
      runs.set(run.info.run_id, run);
      const row = some[index];
      if (row) cache.set(row, run);
    }
  }
  return rows.flatMap((row) => runs.get(row.run_id) ?? []);
}

async function readRuns(db: Db, rows: readonly RunsTable[]): Promise<Run[]> {
  const ids = rows.map((row) => row.run_id);
  const metrics = await latestMetrics(db, ids);
  const params = await keyedValues(db, "params", ids);
  const tags = await keyedValues(db, "run_tags", ids);
  const inputs = await datasetInputs(db, ids);
  const models = await runModels(db, ids);
  return rows.map((row) => ({
    info: runInfoOf(row),
    data: {
      metrics: metrics.get(row.run_id) ?? [],
      params: params.get(row.run_id) ?? [],
      tags: tags.get(row.run_id) ?? [],
    },
    inputs: {
      dataset_inputs: inputs.get(row.run_id) ?? [],
      model_inputs: modelInputsIn(models.get(row.run_id)),
    },
    outputs: { model_outputs: modelOutputsIn(models.get(row.run_id)) },
  }));
}

/** A row of a metric as it was logged. */
export function metricOf(row: Omit<MetricsTable, "run_id">): Metric {
  return {
    key: row.key,
    value: row.is_nan ? Number.NaN : row.value,
    timestamp: row.timestamp,
    step: row.step,
  };
}

async function latestMetrics(db: Db, ids: readonly string[]): Promise<Map<string, Metric[]>> {
  const rows = await db
    .selectFrom("latest_metrics")
    .selectAll()
    .where("run_id", "in", ids)
    .orderBy("run_id")
    .orderBy("key")
    .execute();
  return groupedBy(rows, (row) => row.run_id, metricOf);
}

/** Params or tags of runs, sorted by their keys. */
export async function keyedValues(
  db: Db,
  table: "params" | "run_tags",
  ids: readonly string[],
): Promise<Map<string, Tag[]>> {
  const rows = await db
    .selectFrom(table)
    .select(["run_id", "key", "value"])
    .where("run_id", "in", ids)
    .orderBy("run_id")
    .orderBy("key")
    .execute();
  return groupedBy(
    rows,
    (row) => row.run_id,
    ({ key, value }) => ({ key, value }),
  );
}

async function datasetInputs(db: Db, ids: readonly string[]): Promise<Map<string, DatasetInput[]>> {
  const rows = await db
    .selectFrom("run_inputs")
    .innerJoin("datasets", "datasets.dataset_uuid", "run_inputs.dataset_uuid")
    .selectAll("datasets")
    .select("run_inputs.run_id")
    .where("run_inputs.run_id", "in", ids)
    .orderBy("run_inputs.run_id")
    .orderBy("run_inputs.position")
    .execute();
  if (rows.length === 0) return new Map();
  const tagRows = await db
    .selectFrom("run_input_tags")
    .selectAll()
    .where("run_id", "in", ids)
    .orderBy("key")
    .execute();
  const tags = groupedBy(
    tagRows,
    (row) => `${row.run_id} ${row.dataset_uuid}`,
    ({ key, value }) => ({ key, value }),
  );
  return groupedBy(
    rows,
    (row) => row.run_id,
    (row) => ({
      tags: tags.get(`${row.run_id} ${row.dataset_uuid}`) ?? [],
      dataset: {
        name: row.name,
        digest: row.digest,
        source_type: row.source_type,
        source: row.source,
        schema: row.schema ?? undefined,
        profile: row.profile ?? undefined,
      },
    }),
  );
}
