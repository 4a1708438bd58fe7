import type { Kysely } from "kysely";
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
