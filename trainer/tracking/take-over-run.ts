import { z } from "zod";
import { abandonedTag } from "./abandoned-runs.ts";
import { FoundRun, setTag, tagOf } from "./found-run.ts";
import { callMlflow, MlflowError, type MlflowConnection } from "./mlflow-client.ts";
import { abandonment, isOwnedBy } from "./run-owner.ts";
import type { ProcessIdentity } from "../process-identity.ts";

/** A run that somebody wants to go on with. */
export interface RunToTakeOver {
  readonly runId: string;
  readonly experimentId: string;
  readonly owner: ProcessIdentity;
  /** Set when it is taken over; those of the owner among them. */
  readonly tags: Readonly<Record<string, string>>;
}

const Details = FoundRun.extend({
  info: FoundRun.shape.info.extend({
    experiment_id: z.string(),
    lifecycle_stage: z.string().default("active"),
  }),
});

/**
 * Goes on with a run whose process is gone: it is running again, and ours.
 * @returns nothing if somebody works on it, if it was closed for a reason of its own, if it is
 * gone, or if another process was quicker
 */
export async function takeOverRun(
  connection: MlflowConnection,
  { runId, experimentId, owner, tags }: RunToTakeOver,
): Promise<FoundRun | undefined> {
  const run = await runDetails(connection, runId);
  if (!run || !isAbandoned(run)) return undefined;
  const { experiment_id, lifecycle_stage } = run.info;
  if (experiment_id !== experimentId || lifecycle_stage !== "active") return undefined;
  for (const [key, value] of Object.entries(tags)) await setTag(connection, runId, key, value);
  const after = await runDetails(connection, runId);
  if (!after || !isOwnedBy(after, owner)) return undefined;
  await post(connection, "update", { run_id: runId, status: "RUNNING" });
  for (const key of ["updraft.failure", abandonedTag]) {
    if (tagOf(run, key) === undefined) continue;
    await post(connection, "delete-tag", { run_id: runId, key });
  }
  return after;
}

/**
 * The epochs whose metrics a run has.
 * @param key of the metric that is sent last
 */
export async function loggedEpochs(
  connection: MlflowConnection,
  runId: string,
  key: string,
): Promise<Set<number>> {
  const epochs = new Set<number>();
  let pageToken: string | undefined;
  do {
    const page: z.infer<typeof History> = await callMlflow(connection, {
      method: "GET",
      path: "mlflow/metrics/get-history",
      query: {
        run_id: runId,
        metric_key: key,
        max_results: "10000",
        ...(pageToken ? { page_token: pageToken } : {}),
      },
      answer: History,
    });
    for (const { step } of page.metrics) epochs.add(step);
    pageToken = page.next_page_token;
  } while (pageToken);
  return epochs;
}

const History = z.object({
  metrics: z.array(z.object({ step: z.coerce.number().default(0) })).default([]),
  next_page_token: z.string().optional(),
});

function isAbandoned(run: FoundRun): boolean {
  const { status } = run.info;
  if (status === "RUNNING") return abandonment(run, Date.now()) !== undefined;
  return status === "FAILED" && tagOf(run, abandonedTag) !== undefined;
}

async function runDetails(
  connection: MlflowConnection,
  runId: string,
): Promise<z.infer<typeof Details> | undefined> {
  try {
    const { run } = await callMlflow(connection, {
      method: "GET",
      path: "mlflow/runs/get",
      query: { run_id: runId },
      answer: z.object({ run: Details }),
    });
    return run;
  } catch (error) {
    if (error instanceof MlflowError && error.code === "RESOURCE_DOES_NOT_EXIST") return undefined;
    throw error;
  }
}

async function post(connection: MlflowConnection, path: string, body: object): Promise<void> {
  await callMlflow(connection, {
    method: "POST",
    path: `mlflow/runs/${path}`,
    body,
    answer: z.object({}),
  });
}
