import type { Kysely } from "kysely";
import { runStatements } from "../run-statements.ts";

/**
 * Addresses that lost what referred to them, and since when; with `freeing` 1 those whose bytes
 * are to be removed, because their rows are gone already.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await runStatements(db, [
    `create table unused_locations (
      location text not null primary key,
      since bigint not null,
      freeing smallint not null
    )`,
  ]);
}
