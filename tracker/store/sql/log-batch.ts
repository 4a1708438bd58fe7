import { HttpError } from "@updraft/contracts/http-error";
import { sql, type Kysely, type Transaction } from "kysely";
import type { Tag } from "../experiments.ts";
import type { RunBatch } from "../runs.ts";
import { bulkInsert, type BulkTarget } from "./bulk-insert.ts";
import { databaseHttpError } from "./database-error.ts";
import { listOf } from "./list-of.ts";
import { planLog, type LogPlan, type LogRequest, type LogState } from "./log-plan.ts";
import { mostUnsorted, sortMetrics } from "./sort-metrics.ts";
import { writeModelMetrics } from "./model-metrics.ts";
import type { RunsTable, TrackerDatabase } from "./schema.ts";

type Trx = Transaction<TrackerDatabase>;

/** How many values are written at once: others wait for so long. */
const valuesPerWrite = 20_000;

/** Logs a batch to a run, all of it or nothing. */
export type LogBatch = (runId: string, batch: RunBatch) => Promise<void>;

interface Waiting extends LogRequest {
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Logs batches; those that arrive while others are written go to the database together, by a few
 * statements for all of them. One that is refused, or that the database cannot hold, fails alone.
 */
export function createLogBatch(db: Kysely<TrackerDatabase>): LogBatch {
  let waiting: Waiting[] = [];
  const take = (): Waiting[] => {
    const count = howMany(waiting);
    const taken = waiting.slice(0, count);
    waiting = waiting.slice(count);
    if (waiting.length > 0) void writeWaiting();
    return taken;
  };
  const writeWaiting = async (): Promise<void> => {
    let taken: Waiting[] | undefined;
    try {
      // What has arrived when the transaction begins, not when it was asked for.
      const refusals = await db
        .transaction()
        .execute((trx) => writeRequests(trx, (taken ??= take())));
      settle(taken ?? [], refusals);
    } catch (error) {
      await settleFailed(db, taken ?? take(), error);
    }
  };
  return (runId, batch) =>
    new Promise((resolve, reject) => {
      waiting.push({ runId, batch, resolve, reject });
      if (waiting.length === 1) void writeWaiting();
    });
}

function howMany(waiting: readonly Waiting[]): number {
  let values = 0;
  const tooMany = waiting.findIndex(({ batch }, index) => {
    values += batch.metrics.length + batch.params.length + batch.tags.length;
    return index > 0 && values > valuesPerWrite;
  });
  return tooMany === -1 ? waiting.length : tooMany;
}

function settle(requests: readonly Waiting[], refusals: LogPlan["refusals"]): void {
  for (const [index, { resolve, reject }] of requests.entries()) {
    const refusal = refusals[index];
    if (refusal) reject(refusal);
    else resolve();
  }
}

/** Whether it was one of them that the database refused, or the database is in no state to write. */
async function settleFailed(
  db: Kysely<TrackerDatabase>,
  requests: readonly Waiting[],
  error: unknown,
): Promise<void> {
  const status =
    databaseHttpError(error)?.status ?? (error instanceof HttpError ? error.status : 0);
  if (requests.length === 1 || status >= 500) {
    for (const { reject } of requests) reject(error);
    return;
  }
  for (const request of requests) {
    try {
      settle([request], await db.transaction().execute((trx) => writeRequests(trx, [request])));
    } catch (reason) {
      request.reject(reason);
    }
  }
}

async function writeRequests(
  trx: Trx,
  requests: readonly LogRequest[],
): Promise<LogPlan["refusals"]> {
  const plan = planLog(requests, await stateFor(trx, requests));
  await bulkInsert(trx, unsortedTarget, plan.metrics);
  await bulkInsert(trx, latestTarget, plan.latest);
  await bulkInsert(trx, paramsTarget, plan.params);
  await bulkInsert(trx, tagsTarget, plan.tags);
  if (plan.modelMetrics.length > 0) await writeModelMetrics(trx, plan.modelMetrics);
  await writeRuns(trx, plan.runs);
  return plan.refusals;
}

async function writeRuns(trx: Trx, runs: LogPlan["runs"]): Promise<void> {
  for (const [runId, { unsorted, name = null }] of runs) {
    await sql`
      update runs set revision = revision + 1, unsorted = ${unsorted},
        run_name = coalesce(${name}, run_name)
      where run_id = ${runId}
    `.execute(trx);
    if (unsorted >= mostUnsorted) await sortMetrics(trx, runId);
  }
}

const metricColumns = {
  run_id: "text",
  key: "text",
  timestamp: "bigint",
  step: "bigint",
  value: "double precision",
  is_nan: "smallint",
} as const;
const valueColumns = { run_id: "text", key: "text", value: "text" } as const;

const unsortedTarget: BulkTarget = {
  table: "unsorted_metrics",
  columns: { ...metricColumns, position: "bigint" },
  onConflict: "do nothing",
};
const latestTarget: BulkTarget = {
  table: "latest_metrics",
  columns: metricColumns,
  onConflict: `(run_id, key) do update set timestamp = excluded.timestamp, step = excluded.step,
    value = excluded.value, is_nan = excluded.is_nan
    where (excluded.step, excluded.timestamp, excluded.value)
      > (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)`,
};
const paramsTarget: BulkTarget = {
  table: "params",
  columns: valueColumns,
  onConflict: "do nothing",
};
const tagsTarget: BulkTarget = {
  table: "run_tags",
  columns: valueColumns,
  onConflict: "(run_id, key) do update set value = excluded.value",
};

async function stateFor(trx: Trx, requests: readonly LogRequest[]): Promise<LogState> {
  const runIds = [...new Set(requests.map(({ runId }) => runId))];
  const runs = await sql<Pick<RunsTable, "run_id" | "lifecycle_stage" | "unsorted">>`
    select run_id, lifecycle_stage, unsorted from runs where run_id in ${listOf(trx, runIds)}
  `.execute(trx);
  return {
    runs: new Map(
      runs.rows.map((row) => [row.run_id, { stage: row.lifecycle_stage, unsorted: row.unsorted }]),
    ),
    params: await paramsOf(trx, requests),
    models: await modelsOf(trx, requests),
  };
}

async function paramsOf(trx: Trx, requests: readonly LogRequest[]): Promise<LogState["params"]> {
  const params = new Map<string, Map<string, string>>();
  const withParams = requests.filter(({ batch }) => batch.params.length > 0);
  if (withParams.length === 0) return params;
  const runIds = new Set(withParams.map(({ runId }) => runId));
  const keys = new Set(withParams.flatMap(({ batch }) => batch.params.map(({ key }) => key)));
  const { rows } = await sql<{ run_id: string; key: string; value: string }>`
    select run_id, key, value from params
    where run_id in ${listOf(trx, [...runIds])} and key in ${listOf(trx, [...keys])}
  `.execute(trx);
  for (const runId of runIds) params.set(runId, new Map());
  for (const { run_id, key, value } of rows) params.get(run_id)?.set(key, value);
  return params;
}

async function modelsOf(trx: Trx, requests: readonly LogRequest[]): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const { batch } of requests) {
    for (const { model_id } of batch.metrics) if (model_id) ids.add(model_id);
  }
  if (ids.size === 0) return ids;
  const { rows } = await sql<{ model_id: string }>`
    select model_id from logged_models where model_id in ${listOf(trx, [...ids])}
  `.execute(trx);
  return new Set(rows.map(({ model_id }) => model_id));
}

/** Writes tags over those that are there; of two with one key the last counts. */
export async function writeRunTags(trx: Trx, runId: string, tags: readonly Tag[]): Promise<void> {
  const last = new Map(tags.map((tag) => [tag.key, tag.value]));
  const rows = [...last].map(([key, value]) => [runId, key, value]);
  await bulkInsert(trx, tagsTarget, rows);
}
