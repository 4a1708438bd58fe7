import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { doesNotExist } from "../../mlflow-error.ts";
import type { Run, RunInfo, RunStore } from "../runs.ts";
import { completeRuns, keyedValues } from "./complete-runs.ts";
import { experimentActivity } from "./experiment-activity.ts";
import { createLogBatch, writeRunTags } from "./log-batch.ts";
import { logInputs, logOutputs } from "./log-inputs.ts";
import { recordModel } from "./record-model.ts";
import { metricHistories, metricHistory, sampledHistories } from "./metric-history.ts";
import { RunCache } from "./run-cache.ts";
import { activeRunRow, runInfoOf, runNameTag, runRow, touchRun } from "./run-row.ts";
import type { LifecycleStage, RunsTable, TrackerDatabase } from "./schema.ts";
import { sortedHistories } from "./sort-metrics.ts";
import { searchRuns } from "./search-runs.ts";
import { activeExperimentRow } from "./sql-experiments.ts";

type Db = Kysely<TrackerDatabase>;

/** Runs in a database. */
export function createSqlRuns(db: Db): RunStore {
  const cache = new RunCache();
  return {
    create: (run) => create(db, run),
    get: async (runId) => {
      const [run] = await completeRuns(db, [await runRow(db, runId)], cache);
      if (!run) throw new Error("unreachable: as many runs as rows");
      return run;
    },
    update: (runId, changes) => update(db, runId, changes),
    delete: (runId) => setStage(db, runId, "deleted"),
    restore: (runId) => setStage(db, runId, "active"),
    search: (request) => searchRuns(db, request, cache),
    log: createLogBatch(db),
    logInputs: (runId, inputs) => logInputs(db, runId, inputs),
    logOutputs: (runId, models) => logOutputs(db, runId, models),
    recordModel: (runId, model) => recordModel(db, runId, model),
    deleteTag: (runId, key) => deleteTag(db, runId, key),
    metricHistory: async (runId, request) => {
      const { unsorted } = await runRow(db, runId);
      const table = unsorted > 0 ? await sortedHistories(db, [runId]) : "metrics";
      return metricHistory({ db, table }, runId, request);
    },
    metricHistories: async (runIds, request) => {
      const table = await sortedHistories(db, runIds);
      return metricHistories({ db, table }, runIds, request);
    },
    sampledHistories: async (runIds, request) => {
      const table = await sortedHistories(db, runIds);
      return sampledHistories({ db, table }, runIds, request);
    },
    activity: () => experimentActivity(db),
  };
}

async function create(db: Db, run: Parameters<RunStore["create"]>[0]): Promise<Run> {
  const runId = randomUUID().replaceAll("-", "");
  return db.transaction().execute(async (trx) => {
    const experiment = await activeExperimentRow(trx, run.experiment_id);
    const row: RunsTable = {
      run_id: runId,
      experiment_id: experiment.experiment_id,
      run_name: run.run_name,
      user_id: run.user_id,
      status: "RUNNING",
      start_time: run.start_time,
      end_time: null,
      lifecycle_stage: "active",
      deleted_time: null,
      artifact_uri: `${experiment.artifact_location.replace(/\/+$/, "")}/${runId}/artifacts`,
      revision: 0,
      unsorted: 0,
    };
    await trx.insertInto("runs").values(row).execute();
    const others = run.tags.filter(({ key }) => key !== runNameTag);
    const tags = [...others, { key: runNameTag, value: run.run_name }];
    await writeRunTags(trx, runId, tags);
    return {
      info: runInfoOf(row),
      data: {
        metrics: [],
        params: [],
        tags: (await keyedValues(trx, "run_tags", [runId])).get(runId) ?? [],
      },
      inputs: { dataset_inputs: [], model_inputs: [] },
      outputs: { model_outputs: [] },
    };
  });
}

async function update(
  db: Db,
  runId: string,
  { status, end_time, run_name }: Parameters<RunStore["update"]>[1],
): Promise<RunInfo> {
  return db.transaction().execute(async (trx) => {
    const row = await activeRunRow(trx, runId);
    const changed: RunsTable = {
      ...row,
      status: status ?? row.status,
      end_time: end_time ?? row.end_time,
      run_name: run_name || row.run_name,
    };
    await trx
      .updateTable("runs")
      .set({
        status: changed.status,
        end_time: changed.end_time,
        run_name: changed.run_name,
        revision: row.revision + 1,
      })
      .where("run_id", "=", runId)
      .execute();
    if (run_name) await writeRunTags(trx, runId, [{ key: runNameTag, value: run_name }]);
    return runInfoOf(changed);
  });
}

async function setStage(db: Db, runId: string, stage: LifecycleStage): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await runRow(trx, runId);
    await trx
      .updateTable("runs")
      .set((eb) => ({
        lifecycle_stage: stage,
        deleted_time: stage === "deleted" ? Date.now() : null,
        revision: eb("revision", "+", 1),
      }))
      .where("run_id", "=", runId)
      .execute();
  });
}

async function deleteTag(db: Db, runId: string, key: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await activeRunRow(trx, runId);
    const { numDeletedRows } = await trx
      .deleteFrom("run_tags")
      .where("run_id", "=", runId)
      .where("key", "=", key)
      .executeTakeFirst();
    if (numDeletedRows === 0n)
      throw doesNotExist(`No tag with name: ${key} in run with id ${runId}`);
    await touchRun(trx, runId);
  });
}
