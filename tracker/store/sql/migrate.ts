import { sql, type Kysely } from "kysely";
import { Migrator, type Migration } from "kysely/migration";
import * as firstTables from "./migrations/0001-first-tables.ts";
import * as loggedModels from "./migrations/0002-logged-models.ts";
import * as promotions from "./migrations/0004-promotions.ts";
import type { TrackerDatabase } from "./schema.ts";

/** Every schema that was ever released, in order. A released one is never changed. */
const migrations: Record<string, Migration> = {
  "0001-first-tables": firstTables,
  "0002-logged-models": loggedModels,
  "0004-promotions": promotions,
};

const migrationTable = "updraft_migrations";

/** The database cannot be used by this version of the tracker; the message says why. */
export class DatabaseVersionError extends Error {
  override readonly name = "DatabaseVersionError";
}

/**
 * Refuses a database that is not the tracker's to write to, without writing to it.
 * @throws {DatabaseVersionError} if it is another program's, or a newer tracker's
 */
export async function checkDatabase(db: Kysely<TrackerDatabase>): Promise<void> {
  const executed = await executedMigrations(db);
  const unknown = executed.filter((name) => !(name in migrations));
  if (unknown.length === 0) return;
  throw new DatabaseVersionError(
    `it was written by a newer version of the tracker (${unknown.join(", ")}); start that version, or give this one another database`,
  );
}

/**
 * Brings a database to the newest schema, once, however many trackers start at the same time:
 * the migrations run in one transaction that locks the database for the others.
 */
export async function migrate(db: Kysely<TrackerDatabase>): Promise<void> {
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: migrationTable,
    migrationLockTableName: `${migrationTable}_lock`,
  }).migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error(String(error));
}

async function executedMigrations(db: Kysely<TrackerDatabase>): Promise<string[]> {
  const tables = (await db.introspection.getTables()).map((table) => table.name);
  if (!tables.includes(migrationTable)) {
    const foreign = tables.filter((name) => !name.startsWith(migrationTable));
    if (foreign.length === 0) return [];
    throw new DatabaseVersionError(
      `it belongs to another program (it has the table ${foreign[0]}); give the tracker a database of its own`,
    );
  }
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(migrationTable)} order by name
  `.execute(db);
  return rows.map((row) => row.name);
}
