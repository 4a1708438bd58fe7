import { sql, type Kysely } from "kysely";
import type { ExperimentActivity } from "../runs.ts";
import type { TrackerDatabase } from "./schema.ts";

/** How much happens in each experiment that has runs. */
export async function experimentActivity(
  db: Kysely<TrackerDatabase>,
): Promise<ExperimentActivity[]> {
  const rows = await db
    .selectFrom("runs")
    .select([
      "experiment_id",
      sql<number>`count(*)`.as("runs"),
      sql<number>`sum(case when status = 'RUNNING' then 1 else 0 end)`.as("running"),
      sql<number>`max(start_time)`.as("last_start_time"),
    ])
    .where("lifecycle_stage", "=", "active")
    .groupBy("experiment_id")
    .execute();
  // Postgres counts in bigint, which its driver may give as text.
  return rows.map((row) => ({
    experiment_id: String(row.experiment_id),
    runs: Number(row.runs),
    running: Number(row.running),
    last_start_time: Number(row.last_start_time),
  }));
}
