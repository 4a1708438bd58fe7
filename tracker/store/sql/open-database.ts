import type { Kysely } from "kysely";
import type { DatabaseAddress } from "../database-address.ts";
import { openPostgres } from "./open-postgres.ts";
import { openSqlite } from "./open-sqlite.ts";
import type { TrackerDatabase } from "./schema.ts";

/**
 * Opens a database and brings it to the newest schema.
 * @throws {DatabaseOpenError} that says which, why, and what to do
 */
export function openDatabase(address: DatabaseAddress): Promise<Kysely<TrackerDatabase>> {
  return address.kind === "sqlite" ? openSqlite(address.file) : openPostgres(address.uri);
}
