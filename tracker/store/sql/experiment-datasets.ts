import type { Kysely } from "kysely";
import type { DatasetSummary } from "../experiments.ts";
import type { TrackerDatabase } from "./schema.ts";

/** The datasets that went into the runs of some experiments, by experiment and name. */
export async function experimentDatasets(
  db: Kysely<TrackerDatabase>,
  experimentIds: readonly string[],
  maxResults: number,
): Promise<DatasetSummary[]> {
  const rows = await db
    .selectFrom("datasets")
    .innerJoin("run_inputs", "run_inputs.dataset_uuid", "datasets.dataset_uuid")
    .leftJoin("run_input_tags", (join) =>
      join
        .onRef("run_input_tags.run_id", "=", "run_inputs.run_id")
        .onRef("run_input_tags.dataset_uuid", "=", "run_inputs.dataset_uuid")
        .on("run_input_tags.key", "=", "mlflow.data.context"),
    )
    .select(["experiment_id", "name", "digest", "run_input_tags.value as context"])
    .distinct()
    .where("experiment_id", "in", experimentIds.map(Number))
    .orderBy("experiment_id")
    .orderBy("name")
    .orderBy("digest")
    .orderBy("context")
    .limit(maxResults)
    .execute();
  return rows.map(({ experiment_id, context, ...dataset }) => ({
    ...dataset,
    experiment_id: String(experiment_id),
    context: context ?? undefined,
  }));
}
