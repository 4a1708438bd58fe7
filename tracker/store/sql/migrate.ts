import { PostgresAdapter, sql, type Kysely } from "kysely";
import * as firstTables from "./migrations/0001-first-tables.ts";
import * as loggedModels from "./migrations/0002-logged-models.ts";
import * as quickWrites from "./migrations/0003-quick-writes.ts";
import * as promotions from "./migrations/0004-promotions.ts";
import * as unusedLocations from "./migrations/0005-unused-locations.ts";
import type { TrackerDatabase } from "./schema.ts";

/** A step from one schema to the next. */
interface Migration {
  up(db: Kysely<unknown>): Promise<void>;
}

/** Every schema that was ever released, in order. A released one is never changed. */
const migrations: Readonly<Record<string, Migration>> = {
  "0001-first-tables": firstTables,
  "0002-logged-models": loggedModels,
  "0003-quick-writes": quickWrites,
  "0004-promotions": promotions,
  "0005-unused-locations": unusedLocations,
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
  await pendingMigrations(db);
}

/**
 * Brings a database to the newest schema, once, however many trackers start at the same time:
 * the migrations run in one transaction that locks the database for the others. Nothing is
 * written where there is nothing to do.
 * @throws {DatabaseVersionError} as `checkDatabase`
 */
export async function migrate(db: Kysely<TrackerDatabase>): Promise<void> {
  if ((await pendingMigrations(db)).length === 0) return;
  await db.transaction().execute(async (trx) => {
    await sql`
      create table if not exists ${sql.table(migrationTable)}
        (name varchar(255) not null primary key, timestamp varchar(255) not null)
    `.execute(trx);
    // Another tracker may have been quicker while this one waited for the lock.
    for (const [name, { up }] of await pendingMigrations(trx)) {
      // A migration knows the tables of its time only.
      await up(trx as unknown as Kysely<unknown>);
      const now = new Date().toISOString();
      await sql`insert into ${sql.table(migrationTable)} values (${name}, ${now})`.execute(trx);
    }
  });
}

async function pendingMigrations(db: Kysely<TrackerDatabase>): Promise<[string, Migration][]> {
  const executed = await executedMigrations(db);
  const unknown = executed.filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    throw new DatabaseVersionError(
      `it was written by a newer version of the tracker (${unknown.join(", ")}); start that version, or give this one another database`,
    );
  }
  return Object.entries(migrations).filter(([name]) => !executed.includes(name));
}

async function executedMigrations(db: Kysely<TrackerDatabase>): Promise<string[]> {
  const tables = await tablesOf(db);
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

/** Tables and views, in Postgres those of the schema that new tables go to. */
async function tablesOf(db: Kysely<TrackerDatabase>): Promise<string[]> {
  const query =
    db.getExecutor().adapter instanceof PostgresAdapter
      ? sql<{ name: string }>`
          select relname as name from pg_catalog.pg_class
          where relkind in ('r', 'p', 'v', 'm', 'f')
            and relnamespace = (select oid from pg_catalog.pg_namespace where nspname = current_schema())
          order by relname`
      : sql<{ name: string }>`
          select name from sqlite_schema
          where type in ('table', 'view') and name not like 'sqlite!_%' escape '!' order by name`;
  return (await query.execute(db)).rows.map((row) => row.name);
}
