import { sql, type Kysely, type Transaction } from "kysely";
import { invalidParameter } from "../../mlflow-error.ts";
import type { Page } from "../../search/page-token.ts";
import type { AliasMove, AliasStore, Mover } from "../registry.ts";
import { nextNumber } from "./next-number.ts";
import { fetchPage } from "./page.ts";
import { registeredModelRow } from "./registered-model-row.ts";
import type { AliasMovesTable, TrackerDatabase } from "./schema.ts";
import { latestVersions, modelVersion, modelVersionRow } from "./model-version-row.ts";

type Db = Kysely<TrackerDatabase>;
type Trx = Transaction<TrackerDatabase>;

/** Tag with the gate's verdict, of a version or of its run. */
const gateTag = "updraft.gate";

/** Aliases in a database. */
export function createSqlAliases(db: Db): AliasStore {
  return {
    get: (name, alias) => get(db, name, alias),
    set: (name, alias, version, mover) => set(db, { name, alias, version }, mover),
    delete: (name, alias, mover) =>
      db.transaction().execute(async (trx) => {
        await registeredModelRow(trx, name);
        await removeAliases(trx, { name, alias }, mover);
      }),
    history: (request) => history(db, request),
  };
}

/** Removes the aliases of a model that are meant, and keeps a record of it. */
export async function removeAliases(
  trx: Trx,
  { name, alias, version }: { name: string; alias?: string; version?: number },
  mover: Mover,
): Promise<void> {
  let deletion = trx.deleteFrom("aliases").where("name", "=", name).returningAll();
  if (alias !== undefined) deletion = deletion.where("alias", "=", alias);
  if (version !== undefined) deletion = deletion.where("version", "=", version);
  for (const removed of await deletion.execute()) {
    await record(trx, {
      name,
      alias: removed.alias,
      from_version: removed.version,
      to_version: null,
      mover,
    });
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
    await record(trx, {
      name,
      alias,
      from_version: before?.version ?? null,
      to_version: version,
      mover,
    });
  });
}

async function record(
  trx: Trx,
  {
    mover,
    ...move
  }: Pick<AliasMovesTable, "name" | "alias" | "from_version" | "to_version"> & { mover: Mover },
): Promise<void> {
  await trx
    .insertInto("alias_moves")
    .values({
      ...move,
      move_id: await nextNumber(trx, "alias_move"),
      moved_at: Date.now(),
      moved_by: mover.user ?? null,
      client: mover.client ?? null,
      gate: move.to_version === null ? null : await gateOf(trx, move.name, move.to_version),
    })
    .execute();
}

async function gateOf(trx: Trx, name: string, version: number): Promise<string | null> {
  const ofVersion = await trx
    .selectFrom("model_version_tags")
    .select("value")
    .where("name", "=", name)
    .where("version", "=", version)
    .where("key", "=", gateTag)
    .executeTakeFirst();
  if (ofVersion) return ofVersion.value;
  const ofRun = await trx
    .selectFrom("model_versions")
    .innerJoin("run_tags", "run_tags.run_id", "model_versions.run_id")
    .select("run_tags.value")
    .where("model_versions.name", "=", name)
    .where("model_versions.version", "=", version)
    .where("run_tags.key", "=", gateTag)
    .executeTakeFirst();
  return ofRun?.value ?? null;
}

async function history(
  db: Db,
  { name, alias, ...page }: Parameters<AliasStore["history"]>[0],
): Promise<Page<AliasMove>> {
  let query = db.selectFrom("alias_moves").selectAll().where("name", "=", name);
  if (alias !== undefined) query = query.where("alias", "=", alias);
  const latestFirst = [{ expression: sql<number>`move_id`, descending: true }];
  const { rows, nextPageToken } = await fetchPage(query, latestFirst, page);
  return { rows: rows.map(moveOf), nextPageToken };
}

function moveOf(row: AliasMovesTable): AliasMove {
  return {
    move_id: row.move_id,
    name: row.name,
    alias: row.alias,
    from_version: row.from_version === null ? undefined : String(row.from_version),
    to_version: row.to_version === null ? undefined : String(row.to_version),
    timestamp: row.moved_at,
    user: row.moved_by ?? undefined,
    client: row.client ?? undefined,
    gate: row.gate ?? undefined,
  };
}
