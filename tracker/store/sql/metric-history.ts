import { sql, type Kysely } from "kysely";
import type { Page } from "../../search/page-token.ts";
import type { Metric, RunStore } from "../runs.ts";
import { metricOf } from "./complete-runs.ts";
import { fetchPage, type SortTerm } from "./page.ts";
import type { TrackerDatabase } from "./schema.ts";

/** The order of the table's key, so that a page is read from the index as it lies there. */
const order: SortTerm[] = ["timestamp", "step", "value", "is_nan"].map((column) => ({
  name: column,
  expression: sql<number>`${sql.ref(`metrics.${column}`)}`,
  descending: false,
}));

/** Every value of a metric, by timestamp and then by step. */
export async function metricHistory(
  db: Kysely<TrackerDatabase>,
  runId: string,
  { metric_key, max_results, page_token }: Parameters<RunStore["metricHistory"]>[1],
): Promise<Page<Metric>> {
  const query = db
    .selectFrom("metrics")
    .select(["key", "timestamp", "step", "value", "is_nan"])
    .where("run_id", "=", runId)
    .where("key", "=", metric_key);
  const { rows, nextPageToken } = await fetchPage(query, order, {
    max_results: max_results ?? Number.MAX_SAFE_INTEGER - 1,
    page_token,
  });
  return { rows: rows.map(metricOf), nextPageToken };
}
