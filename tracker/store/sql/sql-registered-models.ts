import { sql, type Kysely, type Transaction } from "kysely";
import { alreadyExists } from "../../mlflow-error.ts";
import type { Page } from "../../search/page-token.ts";
import { promptsIn } from "../../search/prompts.ts";
import type { Tag } from "../experiments.ts";
import type { Mover } from "../promotions.ts";
import type { RegisteredModel, RegisteredModelStore } from "../registry.ts";
import { condition, sortTerms, type SearchedTable } from "./condition.ts";
import { groupedBy } from "./grouped-by.ts";
import { leavingOutPrompts } from "./leaving-out-prompts.ts";
import { latestVersions } from "./model-version-row.ts";
import { fetchPage } from "./page.ts";
import { recordRenaming, recordStageEnds } from "./record-promotion.ts";
import { lockRegisteredModel, registeredModelRow } from "./registered-model-row.ts";
import { refuseReleased } from "./refuse-released.ts";
import type { RegisteredModelsTable, TrackerDatabase } from "./schema.ts";
import { removeAliases } from "./sql-aliases.ts";
import { noteUnusedOfVersions } from "./unused-locations.ts";

type Db = Kysely<TrackerDatabase>;

const searched: SearchedTable = {
  attributes: {
    name: "registered_models.name",
    creation_timestamp: "registered_models.creation_time",
    last_updated_timestamp: "registered_models.last_updated_time",
  },
  keyed: { tag: { table: "registered_model_tags", join: { name: "registered_models.name" } } },
};

/** Registered models in a database. */
export function createSqlRegisteredModels(db: Db): RegisteredModelStore {
  return {
    create: (model) => create(db, model),
    get: (name) => get(db, name),
    search: (request) => search(db, request),
    update: (name, description) => update(db, name, description),
    rename: (name, newName, mover) => rename(db, { name, newName }, mover),
    delete: (name, mover) => remove(db, name, mover),
    setTag: (name, tag) =>
      db.transaction().execute(async (trx) => {
        await registeredModelRow(trx, name);
        await writeTag(trx, name, tag);
      }),
    deleteTag: (name, key) => deleteTag(db, name, key),
  };
}

async function create(
  db: Db,
  { name, description, tags }: Parameters<RegisteredModelStore["create"]>[0],
): Promise<RegisteredModel> {
  return db.transaction().execute(async (trx) => {
    await checkNameIsFree(trx, name);
    const now = Date.now();
    await trx
      .insertInto("registered_models")
      .values({
        name,
        description: description ?? null,
        creation_time: now,
        last_updated_time: now,
        last_version: 0,
      })
      .execute();
    for (const tag of tags) await writeTag(trx, name, tag);
    return get(trx, name);
  });
}

async function get(db: Db, name: string): Promise<RegisteredModel> {
  const [model] = await completeModels(db, [await registeredModelRow(db, name)]);
  if (!model) throw new Error("unreachable: as many models as rows");
  return model;
}

async function search(
  db: Db,
  { filter, order_by, ...page }: Parameters<RegisteredModelStore["search"]>[0],
): Promise<Page<RegisteredModel>> {
  const prompts = promptsIn(filter);
  let query = db
    .selectFrom("registered_models")
    .selectAll("registered_models")
    .where(condition(prompts.filter, searched));
  if (prompts.leftOut) {
    query = query.where(leavingOutPrompts("registered_model_tags", "registered_models.name"));
  }
  const terms = [
    ...sortTerms(order_by, searched),
    { name: "name", expression: sql<string>`registered_models.name`, descending: false },
  ];
  const { rows, nextPageToken } = await fetchPage(query, terms, page);
  return { rows: await completeModels(db, rows), nextPageToken };
}

async function update(db: Db, name: string, description: string): Promise<RegisteredModel> {
  return db.transaction().execute(async (trx) => {
    await registeredModelRow(trx, name);
    await trx
      .updateTable("registered_models")
      .set({ description, last_updated_time: Date.now() })
      .where("name", "=", name)
      .execute();
    return get(trx, name);
  });
}

/** Versions, tags and aliases follow by foreign key; the promotions are kept without. */
async function rename(
  db: Db,
  { name, newName }: { name: string; newName: string },
  mover: Mover,
): Promise<RegisteredModel> {
  return db.transaction().execute(async (trx) => {
    await lockRegisteredModel(trx, name);
    if (newName !== name) await checkNameIsFree(trx, newName);
    const now = Date.now();
    await trx
      .updateTable("registered_models")
      .set({ name: newName, last_updated_time: now })
      .where("name", "=", name)
      .execute();
    await trx
      .updateTable("model_versions")
      .set({ last_updated_time: now })
      .where("name", "=", newName)
      .execute();
    if (newName !== name) await recordRenaming(trx, { from: name, to: newName }, mover);
    return get(trx, newName);
  });
}

async function remove(db: Db, name: string, mover: Mover): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockRegisteredModel(trx, name);
    await refuseReleased(trx, { name });
    const cause = "model-deleted";
    await removeAliases(trx, { name, cause }, mover);
    await recordStageEnds(trx, { name, cause }, mover);
    await noteUnusedOfVersions(trx, { name }, Date.now());
    await trx.deleteFrom("registered_models").where("name", "=", name).execute();
  });
}

async function checkNameIsFree(trx: Transaction<TrackerDatabase>, name: string): Promise<void> {
  const taken = await trx
    .selectFrom("registered_models")
    .select("name")
    .where("name", "=", name)
    .executeTakeFirst();
  if (taken) throw alreadyExists(`Registered Model (name=${name}) already exists.`);
}

async function writeTag(
  trx: Transaction<TrackerDatabase>,
  name: string,
  { key, value }: Tag,
): Promise<void> {
  await trx
    .insertInto("registered_model_tags")
    .values({ name, key, value })
    .onConflict((conflict) => conflict.columns(["name", "key"]).doUpdateSet({ value }))
    .execute();
}

/** Nothing happens if there is no such tag, as in MLflow. */
async function deleteTag(db: Db, name: string, key: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await registeredModelRow(trx, name);
    await trx
      .deleteFrom("registered_model_tags")
      .where("name", "=", name)
      .where("key", "=", key)
      .execute();
  });
}

async function completeModels(
  db: Db,
  rows: readonly RegisteredModelsTable[],
): Promise<RegisteredModel[]> {
  if (rows.length === 0) return [];
  const names = rows.map((row) => row.name);
  const tagRows = await db
    .selectFrom("registered_model_tags")
    .selectAll()
    .where("name", "in", names)
    .orderBy("key")
    .execute();
  const aliasRows = await db
    .selectFrom("aliases")
    .selectAll()
    .where("name", "in", names)
    .orderBy("alias")
    .execute();
  const tags = groupedBy(tagRows, nameOf, ({ key, value }) => ({ key, value }));
  const aliases = groupedBy(aliasRows, nameOf, ({ alias, version }) => ({
    alias,
    version: String(version),
  }));
  const versions = groupedBy(await latestVersions(db, names), nameOf, (version) => version);
  return rows.map((row) => ({
    name: row.name,
    creation_timestamp: row.creation_time,
    last_updated_timestamp: row.last_updated_time,
    description: row.description ?? "",
    latest_versions: versions.get(row.name) ?? [],
    tags: tags.get(row.name) ?? [],
    aliases: aliases.get(row.name) ?? [],
  }));
}

function nameOf({ name }: { name: string }): string {
  return name;
}
