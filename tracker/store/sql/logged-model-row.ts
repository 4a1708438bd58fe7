import type { Kysely } from "kysely";
import { doesNotExist } from "../../mlflow-error.ts";
import type { Tag } from "../experiments.ts";
import type { LoggedModel, LoggedModelStatus } from "../logged-models.ts";
import { groupedBy } from "./grouped-by.ts";
import { modelMetrics } from "./model-metrics.ts";
import type { LoggedModelsTable, TrackerDatabase } from "./schema.ts";

type Db = Kysely<TrackerDatabase>;

/** How many models one statement fetches the data of. */
const modelsPerStatement = 500;

/** The row of a logged model. @throws {HttpError} 404, also if it is deleted and that is not asked for */
export async function loggedModelRow(
  db: Db,
  modelId: string,
  { deleted } = { deleted: false },
): Promise<LoggedModelsTable> {
  const row = await db
    .selectFrom("logged_models")
    .selectAll()
    .where("model_id", "=", modelId)
    .executeTakeFirst();
  if (row && (deleted || row.lifecycle_stage === "active")) return row;
  throw doesNotExist(`Logged model with ID '${modelId}' not found.`);
}

/** A logged model. @throws {HttpError} 404 */
export async function loggedModel(
  db: Db,
  modelId: string,
  options?: { readonly deleted: boolean },
): Promise<LoggedModel> {
  const [model] = await completeModels(db, [await loggedModelRow(db, modelId, options)]);
  if (!model) throw new Error("unreachable: as many models as rows");
  return model;
}

/** Logged models with their tags, params and metrics, in the order of their rows. */
export async function completeModels(
  db: Db,
  rows: readonly LoggedModelsTable[],
): Promise<LoggedModel[]> {
  const models: LoggedModel[] = [];
  for (let start = 0; start < rows.length; start += modelsPerStatement) {
    const some = rows.slice(start, start + modelsPerStatement);
    const ids = some.map((row) => row.model_id);
    const tags = await keyedValues(db, "logged_model_tags", ids);
    const params = await keyedValues(db, "logged_model_params", ids);
    const metrics = await modelMetrics(db, ids);
    for (const row of some) {
      models.push({
        info: infoOf(row, tags.get(row.model_id) ?? []),
        data: {
          params: params.get(row.model_id) ?? [],
          metrics: metrics.get(row.model_id) ?? [],
        },
      });
    }
  }
  return models;
}

function infoOf(row: LoggedModelsTable, tags: readonly Tag[]): LoggedModel["info"] {
  return {
    model_id: row.model_id,
    experiment_id: String(row.experiment_id),
    name: row.name,
    creation_timestamp_ms: row.creation_time,
    last_updated_timestamp_ms: row.last_updated_time,
    artifact_uri: row.artifact_location,
    status: row.status as LoggedModelStatus,
    model_type: row.model_type ?? undefined,
    source_run_id: row.source_run_id ?? undefined,
    tags,
  };
}

async function keyedValues(
  db: Db,
  table: "logged_model_tags" | "logged_model_params",
  ids: readonly string[],
): Promise<Map<string, Tag[]>> {
  const rows = await db
    .selectFrom(table)
    .select(["model_id", "key", "value"])
    .where("model_id", "in", ids)
    .orderBy("model_id")
    .orderBy("key")
    .execute();
  return groupedBy(
    rows,
    (row) => row.model_id,
    ({ key, value }) => ({ key, value }),
  );
}
