import { runningRuns, setStatus, setTag } from "./found-run.ts";
import type { MlflowConnection } from "./mlflow-client.ts";
import { abandonment } from "./run-owner.ts";

/** The tag of a run that was found abandoned: whoever goes on with its training may take it over. */
export const abandonedTag = "updraft.abandoned";

/** Marks the runs of an experiment as failed whose trainer ended without closing them. */
export async function failAbandonedRuns(
  connection: MlflowConnection,
  experimentId: string,
): Promise<void> {
  for (const run of await runningRuns(connection, experimentId)) {
    const failure = abandonment(run, Date.now());
    if (failure === undefined) continue;
    await setTag(connection, run.info.run_id, "updraft.failure", failure);
    await setTag(connection, run.info.run_id, abandonedTag, "true");
    await setStatus(connection, run.info.run_id, "FAILED");
  }
}
