import type { Kysely, Transaction } from "kysely";
import { invalidParameter } from "../../mlflow-error.ts";
import type { Mover, PromotionCause } from "../promotions.ts";
import type { AliasStore } from "../registry.ts";
import { latestVersions, modelVersion, modelVersionRow } from "./model-version-row.ts";
import { recordAliasMove } from "./record-promotion.ts";
import { lockRegisteredModel, registeredModelRow } from "./registered-model-row.ts";
import type { TrackerDatabase } from "./schema.ts";

type Db = Kysely<TrackerDatabase>;
type Trx = Transaction<TrackerDatabase>;

/** Aliases in a database. */
export function createSqlAliases(db: Db): AliasStore {
  return {
    get: (name, alias) => get(db, name, alias),
    set: (name, alias, version, mover) => set(db, { name, alias, version }, mover),
    delete: (name, alias, mover) =>
      db.transaction().execute(async (trx) => {
        await lockRegisteredModel(trx, name);
        await removeAliases(trx, { name, alias, cause: "removed" }, mover);
      }),
  };
}

/** Removes the aliases of a locked model that are meant, and keeps a record of it. */
export async function removeAliases(
  trx: Trx,
  {
    name,
    alias,
    version,
    cause,
  }: { name: string; alias?: string; version?: number; cause: PromotionCause },
  mover: Mover,
): Promise<void> {
  let deletion = trx.deleteFrom("aliases").where("name", "=", name).returningAll();
  if (alias !== undefined) deletion = deletion.where("alias", "=", alias);
  if (version !== undefined) deletion = deletion.where("version", "=", version);
  for (const removed of await deletion.execute()) {
    await recordAliasMove(
      trx,
      { name, alias: removed.alias, from: removed.version, to: null, cause },
      mover,
    );
  }
}

async function get(db: Db, name: string, alias: string) {
  await registeredModelRow(db, name);
  if (alias.toLowerCase() === "latest") {
    const versions = await latestVersions(db, [name]);
    const latest = versions.toSorted((a, b) => Number(b.version) - Number(a.version))[0];
    if (latest) return latest;
  }
  const row = await db
    .selectFrom("aliases")
    .select("version")
    .where("name", "=", name)
    .where("alias", "=", alias)
    .executeTakeFirst();
  if (!row) throw invalidParameter(`Registered model alias ${alias} not found.`);
  return modelVersion(db, name, row.version);
}

async function set(
  db: Db,
  { name, alias, version }: { name: string; alias: string; version: number },
  mover: Mover,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockRegisteredModel(trx, name);
    await modelVersionRow(trx, name, version);
    const before = await trx
      .selectFrom("aliases")
      .select("version")
      .where("name", "=", name)
      .where("alias", "=", alias)
      .executeTakeFirst();
    if (before?.version === version) return;
    await trx
      .insertInto("aliases")
      .values({ name, alias, version })
      .onConflict((conflict) => conflict.columns(["name", "alias"]).doUpdateSet({ version }))
      .execute();
    await recordAliasMove(
      trx,
      { name, alias, from: before?.version ?? null, to: version, cause: "set" },
      mover,
    );
  });
}
