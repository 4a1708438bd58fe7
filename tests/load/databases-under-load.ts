import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import {
  postgresPrograms,
  startPostgres,
  type PostgresUnderTest,
} from "@updraft/tracker/postgres-under-test";
import { fillRuns, fillSqlite, type RunNumbers } from "./fill-runs.ts";

/** A database that a tracker is started on, and that is also asked without it. */
export interface DatabaseUnderLoad {
  /** What a tracker is told. */
  readonly address: string;
  /** Rows of a query, each as an object. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Adds runs while no tracker uses it. */
  addRuns(runs: RunNumbers): Promise<void>;
  /** What the database itself finds wrong with its file. Postgres has no such check of its own. */
  damage(): Promise<string[]>;
  /** The server, where there is one. */
  readonly postgres?: PostgresUnderTest;
  discard(): Promise<void>;
}

/** A kind of database. */
export interface KindOfDatabase {
  readonly name: string;
  /** @param folder for its file, if it is one */
  open(folder: string): Promise<DatabaseUnderLoad>;
}

const sqlite: KindOfDatabase = {
  name: "SQLite",
  async open(folder) {
    const file = join(folder, "tracker.db");
    const query = async (sql: string) => {
      const database = new DatabaseSync(file);
      try {
        return database.prepare(sql).all();
      } finally {
        database.close();
      }
    };
    return {
      address: `sqlite:///${file}`,
      query,
      addRuns: async (runs) => fillSqlite(file, "updraft in SQLite", runs),
      async damage() {
        const found = await query("pragma integrity_check");
        const texts = found.map((row) => String(row["integrity_check"]));
        return texts.filter((text) => text !== "ok");
      },
      discard: async () => undefined,
    };
  },
};

/** A server of its own for each database. */
export const postgresUnderLoad: KindOfDatabase = {
  name: "Postgres",
  async open() {
    const postgres = await startPostgres();
    const address = await postgres.newDatabase();
    return {
      address,
      postgres,
      async query(sql) {
        const client = new Client({ connectionString: address });
        await client.connect();
        try {
          return (await client.query<Record<string, unknown>>(sql)).rows;
        } finally {
          await client.end();
        }
      },
      addRuns: (runs) =>
        // Postgres takes note of the size of its tables by itself, a minute later.
        postgres.execute(
          address,
          [...fillRuns("updraft in Postgres", runs), "analyze"].join(";\n"),
        ),
      damage: async () => [],
      discard: () => postgres.discard(),
    };
  },
};

/** Whether there is a Postgres; where there is none, says so. */
export const hasPostgres = postgresPrograms !== undefined;
if (!hasPostgres) {
  process.stderr.write("skipped: load on Postgres, which is not installed here\n");
}

/** The kinds of database that there are here. */
export const kindsOfDatabase = hasPostgres ? [sqlite, postgresUnderLoad] : [sqlite];
