import { randomUUID } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import type { Dataset, ModelOutput, RunInputs } from "../runs.ts";
import { writeRunModels } from "./run-models.ts";
import { activeRunRow, touchRun } from "./run-row.ts";
import type { TrackerDatabase } from "./schema.ts";

/**
 * Logs datasets and models to a run; a dataset that the run has already, by name and digest, stays
 * as it is.
 */
export async function logInputs(
  db: Kysely<TrackerDatabase>,
  runId: string,
  { dataset_inputs, model_inputs }: RunInputs,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { experiment_id } = await activeRunRow(trx, runId);
    const models = model_inputs.map(({ model_id }) => ({ model_id, step: 0 }));
    await writeRunModels(trx, runId, "input", models);
    await touchRun(trx, runId);
    const { count } = await trx
      .selectFrom("run_inputs")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("run_id", "=", runId)
      .executeTakeFirstOrThrow();
    for (const [index, { dataset, tags }] of dataset_inputs.entries()) {
      const uuid = await datasetUuid(trx, experiment_id, dataset);
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto("run_inputs")
        .values({ run_id: runId, dataset_uuid: uuid, position: count + index })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n || tags.length === 0) continue;
      const last = new Map(tags.map((tag) => [tag.key, tag.value]));
      await trx
        .insertInto("run_input_tags")
        .values(
          [...last].map(([key, value]) => ({ run_id: runId, dataset_uuid: uuid, key, value })),
        )
        .execute();
    }
  });
}

/** Logs models that came out of a run. */
export async function logOutputs(
  db: Kysely<TrackerDatabase>,
  runId: string,
  models: readonly ModelOutput[],
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await activeRunRow(trx, runId);
    await writeRunModels(trx, runId, "output", models);
    await touchRun(trx, runId);
  });
}

/** The dataset of an experiment with a name and a digest, which is written if there is none. */
async function datasetUuid(
  trx: Transaction<TrackerDatabase>,
  experimentId: number,
  dataset: Dataset,
): Promise<string> {
  await trx
    .insertInto("datasets")
    .values({
      dataset_uuid: randomUUID().replaceAll("-", ""),
      experiment_id: experimentId,
      name: dataset.name,
      digest: dataset.digest,
      source_type: dataset.source_type,
      source: dataset.source,
      schema: dataset.schema ?? null,
      profile: dataset.profile ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { dataset_uuid } = await trx
    .selectFrom("datasets")
    .select("dataset_uuid")
    .where("experiment_id", "=", experimentId)
    .where("name", "=", dataset.name)
    .where("digest", "=", dataset.digest)
    .executeTakeFirstOrThrow();
  return dataset_uuid;
}
