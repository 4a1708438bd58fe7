import { CompiledQuery, PostgresAdapter, type Kysely } from "kysely";
import type { TrackerDatabase } from "./schema.ts";

type Value = string | number | null;

/** What many rows are inserted into at once. */
export interface BulkTarget {
  readonly table: keyof TrackerDatabase;
  /** Each column with its type, in the order of the values of a row. */
  readonly columns: Readonly<Record<string, "text" | "bigint" | "smallint" | "double precision">>;
  /** What happens to a row whose key is there: SQL after `on conflict`. */
  readonly onConflict: string;
}

/** All rows of a statement that SQLite runs once for each of them. */
export class Rows {
  readonly rows: readonly (readonly Value[])[];

  constructor(rows: readonly (readonly Value[])[]) {
    this.rows = rows;
  }
}

/**
 * Inserts many rows: in SQLite by one prepared statement that is run for each, which is twice as
 * quick as a statement with all their values; in Postgres by one statement whose parameters are
 * the columns, in one round trip. Neither has a limit to the number of rows.
 */
export async function bulkInsert(
  db: Kysely<TrackerDatabase>,
  { table, columns, onConflict }: BulkTarget,
  rows: readonly (readonly Value[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(columns);
  const head = `insert into ${table} (${names.join(", ")})`;
  if (db.getExecutor().adapter instanceof PostgresAdapter) {
    const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${type}[]`);
    const text = `${head} select * from unnest(${arrays.join(", ")}) on conflict ${onConflict}`;
    const values = names.map((_, column) => rows.map((row) => row[column] ?? null));
    await db.executeQuery(CompiledQuery.raw(text, values));
    return;
  }
  const text = `${head} values (${names.map(() => "?").join(", ")}) on conflict ${onConflict}`;
  await db.executeQuery(CompiledQuery.raw(text, [new Rows(rows)]));
}
