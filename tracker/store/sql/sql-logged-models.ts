import { randomUUID } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import { doesNotExist, invalidParameter } from "../../mlflow-error.ts";
import type { Tag } from "../experiments.ts";
import type { LoggedModel, LoggedModelStatus, LoggedModelStore } from "../logged-models.ts";
import { eachVersionOnce, modelVersionsTag, withVersion } from "../model-versions-tag.ts";
import { loggedModel, loggedModelRow } from "./logged-model-row.ts";
import type { TrackerDatabase } from "./schema.ts";
import { searchLoggedModels } from "./search-logged-models.ts";
import { activeExperimentRow } from "./sql-experiments.ts";

type Db = Kysely<TrackerDatabase>;
type Trx = Transaction<TrackerDatabase>;

/** Logged models in a database. */
export function createSqlLoggedModels(db: Db): LoggedModelStore {
  return {
    create: (model) => create(db, model),
    get: (modelId, options) => loggedModel(db, modelId, options),
    finalize: (modelId, status) => finalize(db, modelId, status),
    delete: (modelId) => remove(db, modelId),
    setTags: (modelId, tags) => setTags(db, modelId, tags),
    deleteTag: (modelId, key) => deleteTag(db, modelId, key),
    logParams: (modelId, params) =>
      db.transaction().execute(async (trx) => {
        await loggedModelRow(trx, modelId);
        await writeParams(trx, modelId, params);
      }),
    search: (request) => searchLoggedModels(db, request),
  };
}

async function create(
  db: Db,
  { experiment_id, params, tags, ...model }: Parameters<LoggedModelStore["create"]>[0],
): Promise<LoggedModel> {
  const modelId = `m-${randomUUID().replaceAll("-", "")}`;
  return db.transaction().execute(async (trx) => {
    const experiment = await activeExperimentRow(trx, experiment_id);
    const now = Date.now();
    const location = experiment.artifact_location.replace(/\/+$/, "");
    await trx
      .insertInto("logged_models")
      .values({
        model_id: modelId,
        experiment_id: experiment.experiment_id,
        name: model.name,
        artifact_location: `${location}/models/${modelId}/artifacts`,
        creation_time: now,
        last_updated_time: now,
        status: "LOGGED_MODEL_PENDING",
        lifecycle_stage: "active",
        model_type: model.model_type || null,
        source_run_id: model.source_run_id || null,
      })
      .execute();
    await writeParams(trx, modelId, params);
    await writeTags(trx, modelId, tags);
    return loggedModel(trx, modelId);
  });
}

async function finalize(db: Db, modelId: string, status: LoggedModelStatus): Promise<LoggedModel> {
  return db.transaction().execute(async (trx) => {
    await loggedModelRow(trx, modelId);
    await trx
      .updateTable("logged_models")
      .set({ status, last_updated_time: Date.now() })
      .where("model_id", "=", modelId)
      .execute();
    return loggedModel(trx, modelId);
  });
}

async function remove(db: Db, modelId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await loggedModelRow(trx, modelId, { deleted: true });
    await trx
      .updateTable("logged_models")
      .set({ lifecycle_stage: "deleted", last_updated_time: Date.now() })
      .where("model_id", "=", modelId)
      .where("lifecycle_stage", "=", "active")
      .execute();
  });
}

async function setTags(db: Db, modelId: string, tags: readonly Tag[]): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await loggedModelRow(trx, modelId);
    await writeTags(trx, modelId, tags);
  });
}

/** Writes tags over those that are there; of two with one key the last counts. */
async function writeTags(trx: Trx, modelId: string, tags: readonly Tag[]): Promise<void> {
  if (tags.length === 0) return;
  const last = new Map(
    tags.map(({ key, value }) => [key, key === modelVersionsTag ? eachVersionOnce(value) : value]),
  );
  await trx
    .insertInto("logged_model_tags")
    .values([...last].map(([key, value]) => ({ model_id: modelId, key, value })))
    .onConflict((conflict) =>
      conflict
        .columns(["model_id", "key"])
        .doUpdateSet((eb) => ({ value: eb.ref("excluded.value") })),
    )
    .execute();
}

/** Tells a logged model that it was registered. */
export async function addRegistration(
  trx: Trx,
  modelId: string,
  registration: { readonly name: string; readonly version: number },
): Promise<void> {
  const row = await trx
    .selectFrom("logged_model_tags")
    .select("value")
    .where("model_id", "=", modelId)
    .where("key", "=", modelVersionsTag)
    .executeTakeFirst();
  const value = withVersion(row?.value, registration);
  await writeTags(trx, modelId, [{ key: modelVersionsTag, value }]);
}

async function deleteTag(db: Db, modelId: string, key: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await loggedModelRow(trx, modelId);
    const { numDeletedRows } = await trx
      .deleteFrom("logged_model_tags")
      .where("model_id", "=", modelId)
      .where("key", "=", key)
      .executeTakeFirst();
    if (numDeletedRows > 0n) return;
    throw doesNotExist(`No tag with key '${key}' found for model with ID '${modelId}'.`);
  });
}

/** A param that is there already may be logged again with the same value. */
async function writeParams(trx: Trx, modelId: string, params: readonly Tag[]): Promise<void> {
  if (params.length === 0) return;
  const values = new Map<string, string>();
  for (const { key, value } of await paramsOf(trx, modelId)) values.set(key, value);
  const added = new Map<string, string>();
  for (const { key, value } of params) {
    const old = values.get(key);
    if (old !== undefined && old !== value) {
      throw invalidParameter(
        `Changing param values is not allowed. Param with key='${key}' was already logged with value='${old}' for model ID='${modelId}'. Attempted logging new value '${value}'.`,
      );
    }
    if (old === undefined) added.set(key, value);
    values.set(key, value);
  }
  if (added.size === 0) return;
  await trx
    .insertInto("logged_model_params")
    .values([...added].map(([key, value]) => ({ model_id: modelId, key, value })))
    .execute();
}

async function paramsOf(trx: Trx, modelId: string): Promise<Tag[]> {
  return trx
    .selectFrom("logged_model_params")
    .select(["key", "value"])
    .where("model_id", "=", modelId)
    .execute();
}
