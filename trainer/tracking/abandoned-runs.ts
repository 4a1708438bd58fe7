import { runningRuns, setStatus, setTag } from "./found-run.ts";
import type { MlflowConnection } from "./mlflow-client.ts";
import { abandonment } from "./run-owner.ts";

/** Marks the runs of an experiment as failed whose trainer ended without closing them. */
export async function failAbandonedRuns(
  connection: MlflowConnection,
  experimentId: string,
): Promise<void> {
  for (const run of await runningRuns(connection, experimentId)) {
    const failure = abandonment(run, Date.now());
    if (failure === undefined) continue;
    await setTag(connection, run.info.run_id, "updraft.failure", failure);
    await setStatus(connection, run.info.run_id, "FAILED");
  }
}
