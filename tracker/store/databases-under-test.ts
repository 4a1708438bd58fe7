import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll } from "vitest";
import type { DatabaseAddress } from "./database-address.ts";
import { postgresPrograms, startPostgres, type PostgresUnderTest } from "./postgres-under-test.ts";
import type { Run, RunBatch } from "./runs.ts";
import { openDatabase } from "./sql/open-database.ts";
import { createSqlStore } from "./sql/sql-store.ts";
import type { TrackerStore } from "./tracker-store.ts";

/** A store of a test's own, and how to get rid of it. */
export interface OpenedStore {
  readonly store: TrackerStore;
  readonly address: DatabaseAddress;
  discard(): Promise<void>;
}

/** A kind of database that every test of the stores runs over. */
export interface DatabaseUnderTest {
  readonly name: "SQLite" | "Postgres";
  /** Opens a new database. */
  open(): Promise<OpenedStore>;
  /** A new database that no tracker has opened, with what the SQL of a dump says in it. */
  create(dump: string): Promise<{ address: DatabaseAddress; discard(): Promise<void> }>;
}

export const sqlite: DatabaseUnderTest = {
  name: "SQLite",
  open: () => openNew(sqlite),
  async create(dump) {
    const folder = await mkdtemp(join(tmpdir(), "sqlite-store-"));
    const file = join(folder, "tracker.db");
    const database = new DatabaseSync(file);
    database.exec(dump);
    database.close();
    return { address: { kind: "sqlite", file }, discard: () => rm(folder, { recursive: true }) };
  },
};

const postgres: DatabaseUnderTest = {
  name: "Postgres",
  open: () => openNew(postgres),
  async create(dump) {
    const server = await sharedPostgres();
    const uri = await server.newDatabase();
    await server.execute(uri, dump);
    // It goes with its server, at the end of the file.
    return { address: { kind: "postgres", uri }, discard: async () => undefined };
  },
};

async function openNew({ create }: DatabaseUnderTest): Promise<OpenedStore> {
  const { address, discard } = await create("");
  const store = createSqlStore(await openDatabase(address));
  return {
    store,
    address,
    async discard() {
      await store.close();
      await discard();
    },
  };
}

/** The databases that are here: SQLite always, Postgres where it is installed. */
export const databases = postgresPrograms === undefined ? [sqlite] : [sqlite, postgres];

if (postgresPrograms === undefined) {
  process.stderr.write(
    "Postgres is not tested: there is no initdb in /usr/lib/postgresql/*/bin or on PATH.\n",
  );
}

let server: Promise<PostgresUnderTest> | undefined;

/** The Postgres of this test file, which is stopped when its tests are over. */
export function sharedPostgres(): Promise<PostgresUnderTest> {
  return (server ??= startPostgres());
}

afterAll(async () => (await server)?.discard());

/** A run in the default experiment, for a test to log to. */
export function newRun(
  store: TrackerStore,
  changes: Partial<Parameters<TrackerStore["runs"]["create"]>[0]> = {},
): Promise<Run> {
  return store.runs.create({
    experiment_id: "0",
    run_name: "a run",
    user_id: "me",
    start_time: 1,
    tags: [],
    ...changes,
  });
}

/** A batch of only what a test is about. */
export function batch(some: Partial<RunBatch>): RunBatch {
  return { metrics: [], params: [], tags: [], ...some };
}
