import { sql, type Kysely } from "kysely";
import type { Order } from "../../search/order-by.ts";
import type { Page } from "../../search/page-token.ts";
import type { Run, RunStore } from "../runs.ts";
import { completeRuns } from "./complete-runs.ts";
import { condition, sortTerms, type SearchedTable } from "./condition.ts";
import { fetchPage } from "./page.ts";
import type { RunCache } from "./run-cache.ts";
import { stagesIn } from "./sql-experiments.ts";
import type { TrackerDatabase } from "./schema.ts";

const ofRun = { run_id: "runs.run_id" };

const datasetsOfRun = sql`from run_inputs inner join datasets on datasets.dataset_uuid = run_inputs.dataset_uuid where run_inputs.run_id = runs.run_id`;

const searched: SearchedTable = {
  attributes: {
    run_id: "runs.run_id",
    run_name: "runs.run_name",
    status: "runs.status",
    user_id: "runs.user_id",
    artifact_uri: "runs.artifact_uri",
    start_time: "runs.start_time",
    end_time: "runs.end_time",
  },
  nullable: ["end_time"],
  keyed: {
    metric: { table: "latest_metrics", join: ofRun },
    param: { table: "params", join: ofRun },
    tag: { table: "run_tags", join: ofRun },
  },
  related: {
    "dataset.name": { column: "datasets.name", rows: datasetsOfRun },
    "dataset.digest": { column: "datasets.digest", rows: datasetsOfRun },
    "dataset.context": {
      column: "run_input_tags.value",
      rows: sql`from run_input_tags where run_input_tags.run_id = runs.run_id and run_input_tags.key = 'mlflow.data.context'`,
    },
  },
};

/** Searches runs; those that started last come first where `order_by` does not say otherwise. */
export async function searchRuns(
  db: Kysely<TrackerDatabase>,
  { filter, order_by, experiment_ids, run_view_type, ...page }: Parameters<RunStore["search"]>[0],
  cache: RunCache,
): Promise<Page<Run>> {
  if (experiment_ids.length === 0) return { rows: [] };
  const query = db
    .selectFrom("runs")
    .selectAll("runs")
    .where("experiment_id", "in", experiment_ids.map(Number))
    .where("lifecycle_stage", "in", stagesIn(run_view_type))
    .where(condition(filter, searched));
  const { rows, nextPageToken } = await fetchPage(
    query,
    sortTerms([...order_by, ...missingOrders(order_by)], searched),
    page,
  );
  return { rows: await completeRuns(db, rows, cache), nextPageToken };
}

function missingOrders(given: readonly Order[]): Order[] {
  const always: Order[] = [
    { field: { entity: "attribute", key: "start_time" }, descending: true },
    { field: { entity: "attribute", key: "run_id" }, descending: false },
  ];
  return always.filter(
    ({ field }) =>
      !given.some((order) => order.field.entity === "attribute" && order.field.key === field.key),
  );
}
