import { sql, type Kysely, type RawBuilder, type SqlBool } from "kysely";
import type { Page } from "../../search/page-token.ts";
import type { LoggedModel, LoggedModelStore, MeasuredOn, ModelOrder } from "../logged-models.ts";
import { condition, sortTerms, type SearchedTable } from "./condition.ts";
import { completeModels } from "./logged-model-row.ts";
import { fetchPage, type SortTerm } from "./page.ts";
import type { TrackerDatabase } from "./schema.ts";

const ofModel = { model_id: "logged_models.model_id" };

const searched: SearchedTable = {
  attributes: {
    model_id: "logged_models.model_id",
    experiment_id: "logged_models.experiment_id",
    name: "logged_models.name",
    artifact_location: "logged_models.artifact_location",
    creation_timestamp_ms: "logged_models.creation_time",
    last_updated_timestamp_ms: "logged_models.last_updated_time",
    status: "logged_models.status",
    model_type: "logged_models.model_type",
    source_run_id: "logged_models.source_run_id",
  },
  emptyAsNull: ["model_type", "source_run_id"],
  keyed: {
    metric: { table: "logged_model_metrics", join: ofModel },
    param: { table: "logged_model_params", join: ofModel },
    tag: { table: "logged_model_tags", join: ofModel },
  },
};

/** Searches logged models; the newest come first where `order_by` does not say otherwise. */
export async function searchLoggedModels(
  db: Kysely<TrackerDatabase>,
  request: Parameters<LoggedModelStore["search"]>[0],
): Promise<Page<LoggedModel>> {
  const { filter, experiment_ids, datasets, order_by, ...page } = request;
  if (experiment_ids.length === 0) return { rows: [] };
  const onDatasets = datasets.length === 0 ? undefined : sql<SqlBool>`(${measuredOnAny(datasets)})`;
  let query = db
    .selectFrom("logged_models")
    .selectAll("logged_models")
    .where("experiment_id", "in", experiment_ids.map(Number))
    .where("lifecycle_stage", "=", "active")
    .where(condition(filter, withMetricsOn(onDatasets)));
  if (onDatasets) {
    query = query.where(
      sql<boolean>`exists (select 1 from logged_model_metrics as keyed where keyed.model_id = logged_models.model_id and ${onDatasets})`,
    );
  }
  const { rows, nextPageToken } = await fetchPage(query, orderOf(order_by), page);
  return { rows: await completeModels(db, rows), nextPageToken };
}

/** The tables, where of the metrics only those on some datasets count. */
function withMetricsOn(datasets: RawBuilder<SqlBool> | undefined): SearchedTable {
  const metric = { table: "logged_model_metrics", join: ofModel, only: datasets };
  return { ...searched, keyed: { ...searched.keyed, metric } };
}

function measuredOnAny(datasets: readonly MeasuredOn[]): RawBuilder<SqlBool> {
  return sql.join(
    datasets.map((dataset) => sql`(${sql.join(measuredOn(dataset), sql` and `)})`),
    sql` or `,
  );
}

function measuredOn({ dataset_name, dataset_digest }: Partial<MeasuredOn>): RawBuilder<SqlBool>[] {
  return [
    ...(dataset_name ? [sql<SqlBool>`keyed.dataset_name = ${dataset_name}`] : []),
    ...(dataset_digest ? [sql<SqlBool>`keyed.dataset_digest = ${dataset_digest}`] : []),
  ];
}

function orderOf(given: readonly ModelOrder[]): SortTerm[] {
  const always: ModelOrder[] = [
    { entity: "attribute", key: "creation_timestamp_ms", descending: true },
    { entity: "attribute", key: "model_id", descending: false },
  ];
  const missing = always.filter(
    ({ key }) => !given.some((order) => order.entity === "attribute" && order.key === key),
  );
  return [...given, ...missing].flatMap((order) =>
    order.entity === "metric"
      ? byLatestMetric(order)
      : sortTerms([attributeOrder(order)], searched),
  );
}

function attributeOrder({ key, descending }: ModelOrder) {
  return { field: { entity: "attribute" as const, key }, descending };
}

/** By the value that was logged last: numbers first, then NaN, then models without the metric. */
function byLatestMetric(order: ModelOrder): SortTerm[] {
  const rows = sql.join(
    [
      sql`from logged_model_metrics as keyed where keyed.model_id = logged_models.model_id`,
      sql`keyed.key = ${order.key}`,
      ...measuredOn(order),
    ],
    sql` and `,
  );
  const { key, dataset_name = "", dataset_digest = "" } = order;
  const name = `metric.${key} ${JSON.stringify([dataset_name, dataset_digest])}`;
  const latest = sql`${rows} order by keyed.timestamp desc, keyed.step desc, keyed.run_id, keyed.dataset_name, keyed.dataset_digest, keyed.value desc limit 1`;
  return [
    { name, expression: sql`coalesce((select keyed.is_nan ${latest}), 2)`, descending: false },
    { name, expression: sql`(select keyed.value ${latest})`, descending: order.descending },
  ];
}
