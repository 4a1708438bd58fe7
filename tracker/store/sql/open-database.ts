import type { DatabaseAddress } from "../database-address.ts";
import { openPostgres } from "./open-postgres.ts";
import { openSqlite } from "./open-sqlite.ts";
import type { TrackerKysely } from "./tracker-kysely.ts";

/**
 * Opens a database and brings it to the newest schema.
 * @throws {DatabaseOpenError} that says which, why, and what to do
 */
export function openDatabase(address: DatabaseAddress): Promise<TrackerKysely> {
  return address.kind === "sqlite" ? openSqlite(address.file) : openPostgres(address.uri);
}
