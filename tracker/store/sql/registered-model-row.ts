import type { Kysely, Transaction } from "kysely";
import { doesNotExist } from "../../mlflow-error.ts";
import type { RegisteredModelsTable, TrackerDatabase } from "./schema.ts";

/** The row of a registered model. @throws {HttpError} 404 */
export async function registeredModelRow(
  db: Kysely<TrackerDatabase>,
  name: string,
): Promise<RegisteredModelsTable> {
  const row = await db
    .selectFrom("registered_models")
    .selectAll()
    .where("name", "=", name)
    .executeTakeFirst();
  if (!row) throw doesNotExist(`Registered Model with name=${name} not found`);
  return row;
}

/**
 * The row of a registered model, which nobody else changes until the transaction ends: what moves
 * its aliases or stages, or deletes versions, does so one after another.
 * @throws {HttpError} 404
 */
export async function lockRegisteredModel(
  trx: Transaction<TrackerDatabase>,
  name: string,
): Promise<RegisteredModelsTable> {
  const row = await trx
    .updateTable("registered_models")
    .set((eb) => ({ last_version: eb.ref("last_version") }))
    .where("name", "=", name)
    .returningAll()
    .executeTakeFirst();
  return row ?? registeredModelRow(trx, name);
}
