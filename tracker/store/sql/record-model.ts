import type { Kysely } from "kysely";
import { writeRunTags } from "./log-batch.ts";
import { activeRunRow, touchRun } from "./run-row.ts";
import type { TrackerDatabase } from "./schema.ts";

/** Tag with a JSON list of the models that clients before MLflow 3 logged as a run's artifacts. */
const modelsTag = "mlflow.log-model.history";

/** Adds a model to those of a run, as a tag; one that is there already stays as it is. */
export async function recordModel(
  db: Kysely<TrackerDatabase>,
  runId: string,
  model: object,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await activeRunRow(trx, runId);
    const row = await trx
      .selectFrom("run_tags")
      .select("value")
      .where("run_id", "=", runId)
      .where("key", "=", modelsTag)
      .executeTakeFirst();
    const models = listIn(row?.value);
    const added = JSON.stringify(model);
    if (models.some((other) => JSON.stringify(other) === added)) return;
    await writeRunTags(trx, runId, [{ key: modelsTag, value: JSON.stringify([...models, model]) }]);
    await touchRun(trx, runId);
  });
}

/** Anybody may have written something else into the tag; that does not count. */
function listIn(text = "[]"): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
