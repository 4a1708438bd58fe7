import { z } from "zod";
import { callMlflow, MlflowError, type MlflowConnection } from "./mlflow-client.ts";

/** The id of the experiment with this name, which is made if there is none. */
export async function experimentIdOf(connection: MlflowConnection, name: string): Promise<string> {
  const found = await experimentNamed(connection, name);
  if (found !== undefined) return found;
  try {
    const created = await callMlflow(connection, {
      method: "POST",
      path: "mlflow/experiments/create",
      body: { name },
      answer: z.object({ experiment_id: z.string() }),
    });
    return created.experiment_id;
  } catch (error) {
    // Another run has just made it, or the answer to our own first call was lost.
    const existing = isCode(error, "RESOURCE_ALREADY_EXISTS")
      ? await experimentNamed(connection, name)
      : undefined;
    if (existing !== undefined) return existing;
    throw error;
  }
}

/** The experiment that a run belongs to; none if the run is gone. */
export async function experimentOfRun(
  connection: MlflowConnection,
  runId: string,
): Promise<string | undefined> {
  try {
    const { run } = await callMlflow(connection, {
      method: "GET",
      path: "mlflow/runs/get",
      query: { run_id: runId },
      answer: z.object({ run: z.object({ info: z.object({ experiment_id: z.string() }) }) }),
    });
    return run.info.experiment_id;
  } catch (error) {
    if (isCode(error, "RESOURCE_DOES_NOT_EXIST")) return undefined;
    throw error;
  }
}

async function experimentNamed(
  connection: MlflowConnection,
  name: string,
): Promise<string | undefined> {
  try {
    const { experiment } = await callMlflow(connection, {
      method: "GET",
      path: "mlflow/experiments/get-by-name",
      query: { experiment_name: name },
      answer: z.object({ experiment: z.object({ experiment_id: z.string() }) }),
    });
    return experiment.experiment_id;
  } catch (error) {
    if (isCode(error, "RESOURCE_DOES_NOT_EXIST")) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof MlflowError && error.code === code;
}
