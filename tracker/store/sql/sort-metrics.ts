import { sql, type Kysely, type Transaction } from "kysely";
import { databaseHttpError } from "./database-error.ts";
import { listOf } from "./list-of.ts";
import type { TrackerDatabase } from "./schema.ts";

/**
 * How many values of a run lie unsorted at most. A batch of a thousand metrics changes about as
 * many pages of the sorted table as it has metrics, if it is written there at once; twenty such
 * batches that are sorted in together change hardly more.
 */
export const mostUnsorted = 20_000;

/** Where histories can be read. */
export type HistoryTable = "metrics" | "all_metrics";

/**
 * Sorts what was logged to runs into their histories, and says where these can be read: elsewhere
 * if the database takes no writes just now, because its disk is full or it is a copy.
 */
export async function sortedHistories(
  db: Kysely<TrackerDatabase>,
  runIds: readonly string[],
): Promise<HistoryTable> {
  try {
    await sortMetricsOf(db, runIds);
    return "metrics";
  } catch (error) {
    if ((databaseHttpError(error)?.status ?? 0) < 500) throw error;
    return "all_metrics";
  }
}

async function sortMetricsOf(
  db: Kysely<TrackerDatabase>,
  runIds: readonly string[],
): Promise<void> {
  const { rows } = await sql<{ run_id: string }>`
    select run_id from runs where run_id in ${listOf(db, runIds)} and unsorted > 0
  `.execute(db);
  for (const { run_id } of rows) {
    await db.transaction().execute((trx) => sortMetrics(trx, run_id));
  }
}

/** Sorts what was logged to a run into the histories of its metrics. */
export async function sortMetrics(trx: Transaction<TrackerDatabase>, runId: string): Promise<void> {
  await sql`
    insert into metrics (run_id, key, timestamp, step, value, is_nan)
    select run_id, key, timestamp, step, value, is_nan from unsorted_metrics
    where run_id = ${runId} order by key, timestamp, step
    on conflict do nothing
  `.execute(trx);
  await trx.deleteFrom("unsorted_metrics").where("run_id", "=", runId).execute();
  await trx.updateTable("runs").set({ unsorted: 0 }).where("run_id", "=", runId).execute();
}
