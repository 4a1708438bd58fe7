import { PostgresAdapter, sql, type Kysely, type RawBuilder } from "kysely";
import type { TrackerDatabase } from "./schema.ts";

/**
 * A list of texts for `in`, of any length: as one parameter, so that the statement is the same
 * and stays prepared.
 */
export function listOf(db: Kysely<TrackerDatabase>, values: readonly string[]): RawBuilder<string> {
  return db.getExecutor().adapter instanceof PostgresAdapter
    ? sql`(select unnest(${values}::text[]))`
    : sql`(select value from json_each(${JSON.stringify(values)}))`;
}
