import type { HttpError } from "@updraft/contracts/http-error";
import type { Kysely, Transaction } from "kysely";
import { doesNotExist, invalidParameter } from "../../mlflow-error.ts";
import type { RunInfo, RunStatus } from "../runs.ts";
import type { LifecycleStage, RunsTable, TrackerDatabase } from "./schema.ts";

type Db = Kysely<TrackerDatabase>;

/** Tag that always has the run's name. */
export const runNameTag = "mlflow.runName";

/** The row of a run. @throws {HttpError} 404 */
export async function runRow(db: Db, runId: string): Promise<RunsTable> {
  const row = await db
    .selectFrom("runs")
    .selectAll()
    .where("run_id", "=", runId)
    .executeTakeFirst();
  if (!row) throw doesNotExist(`Run with id=${runId} not found`);
  return row;
}

/** The row of a run that is not deleted. @throws {HttpError} 404, or 400 if it is */
export async function activeRunRow(db: Db, runId: string): Promise<RunsTable> {
  const row = await runRow(db, runId);
  if (row.lifecycle_stage === "active") return row;
  throw notActive(runId, row.lifecycle_stage);
}

/**
 * Says that something of a run has changed: whoever writes to a run does so, in the same
 * transaction, or what others keep of it is shown for good.
 */
export async function touchRun(trx: Transaction<TrackerDatabase>, runId: string): Promise<void> {
  await trx
    .updateTable("runs")
    .set((eb) => ({ revision: eb("revision", "+", 1) }))
    .where("run_id", "=", runId)
    .execute();
}

/** 400: a deleted run takes no logs. */
export function notActive(runId: string, stage: LifecycleStage): HttpError {
  return invalidParameter(
    `The run ${runId} must be in the 'active' state. Current state is ${stage}.`,
  );
}

/** A row as MLflow shows it. */
export function runInfoOf(row: RunsTable): RunInfo {
  return {
    run_id: row.run_id,
    run_uuid: row.run_id,
    run_name: row.run_name,
    experiment_id: String(row.experiment_id),
    user_id: row.user_id,
    status: row.status as RunStatus,
    start_time: row.start_time,
    end_time: row.end_time ?? undefined,
    artifact_uri: row.artifact_uri,
    lifecycle_stage: row.lifecycle_stage,
  };
}
