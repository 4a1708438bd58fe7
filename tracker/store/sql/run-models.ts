import type { Kysely, Transaction } from "kysely";
import type { ModelOutput } from "../runs.ts";
import { groupedBy } from "./grouped-by.ts";
import type { RunModelsTable, TrackerDatabase } from "./schema.ts";

/** How many rows one statement inserts: databases limit the parameters of a statement. */
const rowsPerStatement = 250;

/** Models that go into a run or come out of it; those that are known already stay as they are. */
export async function writeRunModels(
  trx: Transaction<TrackerDatabase>,
  runId: string,
  role: RunModelsTable["role"],
  models: readonly ModelOutput[],
): Promise<void> {
  if (models.length === 0) return;
  const { count } = await trx
    .selectFrom("run_models")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("run_id", "=", runId)
    .where("role", "=", role)
    .executeTakeFirstOrThrow();
  const rows = models.map(({ model_id, step }, index) => ({
    run_id: runId,
    role,
    model_id,
    step,
    position: Number(count) + index,
  }));
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    await trx
      .insertInto("run_models")
      .values(rows.slice(start, start + rowsPerStatement))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** The models of each of some runs, in the order in which they were logged. */
export async function runModels(
  db: Kysely<TrackerDatabase>,
  runIds: readonly string[],
): Promise<Map<string, RunModelsTable[]>> {
  const rows = await db
    .selectFrom("run_models")
    .selectAll()
    .where("run_id", "in", runIds)
    .orderBy("run_id")
    .orderBy("position")
    .orderBy("model_id")
    .execute();
  return groupedBy(
    rows,
    (row) => row.run_id,
    (row) => row,
  );
}

/** The models that went into a run. */
export function modelInputsIn(rows: readonly RunModelsTable[] = []): { model_id: string }[] {
  return rows.filter(({ role }) => role === "input").map(({ model_id }) => ({ model_id }));
}

/** The models that came out of a run. */
export function modelOutputsIn(rows: readonly RunModelsTable[] = []): ModelOutput[] {
  return rows
    .filter(({ role }) => role === "output")
    .map(({ model_id, step }) => ({ model_id, step }));
}
