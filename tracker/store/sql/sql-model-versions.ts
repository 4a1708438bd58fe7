import { sql, type Kysely, type Transaction } from "kysely";
import type { Page } from "../../search/page-token.ts";
import { promptsIn } from "../../search/prompts.ts";
import type { Tag } from "../experiments.ts";
import type { Mover } from "../promotions.ts";
import type { ModelVersion, ModelVersionStore } from "../registry.ts";
import { condition, sortTerms, type SearchedTable } from "./condition.ts";
import { leavingOutPrompts } from "./leaving-out-prompts.ts";
import { originOf } from "./model-source.ts";
import {
  completeVersions,
  latestVersions,
  modelVersion,
  modelVersionRow,
} from "./model-version-row.ts";
import { fetchPage } from "./page.ts";
import { recordStageEnds } from "./record-promotion.ts";
import { lockRegisteredModel, registeredModelRow } from "./registered-model-row.ts";
import { refuseReleased } from "./refuse-released.ts";
import type { TrackerDatabase } from "./schema.ts";
import { removeAliases } from "./sql-aliases.ts";
import { addRegistration } from "./sql-logged-models.ts";
import { transitionStage } from "./transition-stage.ts";
import { noteUnusedOfVersions } from "./unused-locations.ts";

type Db = Kysely<TrackerDatabase>;

const searched: SearchedTable = {
  attributes: {
    name: "model_versions.name",
    version_number: "model_versions.version",
    run_id: "model_versions.run_id",
    source_path: "model_versions.source",
    creation_timestamp: "model_versions.creation_time",
    last_updated_timestamp: "model_versions.last_updated_time",
  },
  emptyAsNull: ["run_id"],
  keyed: {
    tag: {
      table: "model_version_tags",
      join: { name: "model_versions.name", version: "model_versions.version" },
    },
  },
};

/** Model versions in a database. */
export function createSqlModelVersions(db: Db): ModelVersionStore {
  return {
    create: (version) => create(db, version),
    get: (name, version) => modelVersion(db, name, version),
    latest: async (name, stages) => {
      await registeredModelRow(db, name);
      const versions = await latestVersions(db, [name]);
      return stages.length === 0
        ? versions
        : versions.filter((version) => stages.includes(version.current_stage));
    },
    search: (request) => search(db, request),
    update: (name, version, description) => update(db, name, version, description),
    transition: (transition, mover) => transitionStage(db, transition, mover),
    delete: (name, version, mover) => remove(db, name, version, mover),
    setTag: (name, version, tag) => setTag(db, name, version, tag),
    deleteTag: (name, version, key) => deleteTag(db, name, version, key),
    downloadUri: async (name, version) =>
      (await modelVersionRow(db, name, version)).storage_location,
  };
}

async function create(
  db: Db,
  { name, run_link, description, tags, ...given }: Parameters<ModelVersionStore["create"]>[0],
): Promise<ModelVersion> {
  return db.transaction().execute(async (trx) => {
    await registeredModelRow(trx, name);
    const origin = await originOf(trx, given);
    const now = Date.now();
    const { last_version } = await trx
      .updateTable("registered_models")
      .set((eb) => ({ last_version: eb("last_version", "+", 1), last_updated_time: now }))
      .where("name", "=", name)
      .returning("last_version")
      .executeTakeFirstOrThrow();
    await trx
      .insertInto("model_versions")
      .values({
        name,
        version: last_version,
        description: description ?? null,
        creation_time: now,
        last_updated_time: now,
        current_stage: "None",
        ...origin,
        run_link: run_link || null,
        status: "READY",
      })
      .execute();
    for (const tag of tags) await writeTag(trx, name, last_version, tag);
    if (origin.model_id) {
      await addRegistration(trx, origin.model_id, { name, version: last_version });
    }
    return modelVersion(trx, name, last_version);
  });
}

async function search(
  db: Db,
  { filter, order_by, ...page }: Parameters<ModelVersionStore["search"]>[0],
): Promise<Page<ModelVersion>> {
  const prompts = promptsIn(filter);
  let query = db
    .selectFrom("model_versions")
    .selectAll("model_versions")
    .where(condition(prompts.filter, searched));
  if (prompts.leftOut) {
    query = query.where(leavingOutPrompts("model_version_tags", "model_versions.name"));
  }
  const orders =
    order_by.length > 0
      ? order_by
      : [
          {
            field: { entity: "attribute", key: "last_updated_timestamp" },
            descending: true,
          } as const,
        ];
  const terms = [
    ...sortTerms(orders, searched),
    { name: "name", expression: sql<string>`model_versions.name`, descending: false },
    { name: "version", expression: sql<number>`model_versions.version`, descending: true },
  ];
  const { rows, nextPageToken } = await fetchPage(query, terms, page);
  return { rows: await completeVersions(db, rows), nextPageToken };
}

async function update(
  db: Db,
  name: string,
  version: number,
  description: string | undefined,
): Promise<ModelVersion> {
  return db.transaction().execute(async (trx) => {
    await modelVersionRow(trx, name, version);
    await trx
      .updateTable("model_versions")
      .set({ description: description ?? null, last_updated_time: Date.now() })
      .where("name", "=", name)
      .where("version", "=", version)
      .execute();
    return modelVersion(trx, name, version);
  });
}

async function remove(db: Db, name: string, version: number, mover: Mover): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockRegisteredModel(trx, name);
    await modelVersionRow(trx, name, version);
    await refuseReleased(trx, { name, version });
    const cause = "version-deleted";
    await removeAliases(trx, { name, version, cause }, mover);
    await recordStageEnds(trx, { name, version, cause }, mover);
    await noteUnusedOfVersions(trx, { name, version }, Date.now());
    await trx
      .deleteFrom("model_versions")
      .where("name", "=", name)
      .where("version", "=", version)
      .execute();
    await trx
      .updateTable("registered_models")
      .set({ last_updated_time: Date.now() })
      .where("name", "=", name)
      .execute();
  });
}

async function setTag(db: Db, name: string, version: number, tag: Tag): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await modelVersionRow(trx, name, version);
    await writeTag(trx, name, version, tag);
  });
}

async function writeTag(
  trx: Transaction<TrackerDatabase>,
  name: string,
  version: number,
  { key, value }: Tag,
): Promise<void> {
  await trx
    .insertInto("model_version_tags")
    .values({ name, version, key, value })
    .onConflict((conflict) => conflict.columns(["name", "version", "key"]).doUpdateSet({ value }))
    .execute();
}

/** Nothing happens if there is no such tag, as in MLflow. */
async function deleteTag(db: Db, name: string, version: number, key: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await modelVersionRow(trx, name, version);
    await trx
      .deleteFrom("model_version_tags")
      .where("name", "=", name)
      .where("version", "=", version)
      .where("key", "=", key)
      .execute();
  });
}
