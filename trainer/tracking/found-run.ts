import { z } from "zod";
import { callMlflow, type MlflowConnection } from "./mlflow-client.ts";

const Pair = z.object({ key: z.string(), value: z.string() });

/** A run as a search gives it. */
export const FoundRun = z.object({
  info: z.object({
    run_id: z.string(),
    artifact_uri: z.string(),
    status: z.string().default("RUNNING"),
    start_time: z.coerce.number().default(0),
  }),
  data: z
    .object({
      tags: z.array(Pair).default([]),
      metrics: z
        .array(z.object({ key: z.string(), value: z.union([z.number(), z.string()]) }))
        .default([]),
    })
    .default({ tags: [], metrics: [] }),
});
export type FoundRun = z.infer<typeof FoundRun>;

/** The value of a run's tag. */
export function tagOf(run: FoundRun, key: string): string | undefined {
  return run.data.tags.find((tag) => tag.key === key)?.value;
}

/** The latest value of a run's metric; what is no finite number is a word in MLflow. */
export function metricOf(run: FoundRun, key: string): number | undefined {
  const found = run.data.metrics.find((metric) => metric.key === key);
  return found && Number(found.value);
}

/** The runs of an experiment that are not closed. */
export function runningRuns(
  connection: MlflowConnection,
  experimentId: string,
): Promise<FoundRun[]> {
  return searchRuns(connection, experimentId, "attributes.status = 'RUNNING'");
}

/** The runs of an experiment that a filter lets pass. */
export async function searchRuns(
  connection: MlflowConnection,
  experimentId: string,
  filter: string,
): Promise<FoundRun[]> {
  const runs: FoundRun[] = [];
  let pageToken: string | undefined;
  do {
    const page: { runs: FoundRun[]; next_page_token?: string | undefined } = await callMlflow(
      connection,
      {
        method: "POST",
        path: "mlflow/runs/search",
        body: {
          experiment_ids: [experimentId],
          filter,
          max_results: 1000,
          ...(pageToken ? { page_token: pageToken } : {}),
        },
        answer: z.object({
          runs: z.array(FoundRun).default([]),
          next_page_token: z.string().optional(),
        }),
      },
    );
    runs.push(...page.runs);
    pageToken = page.next_page_token;
  } while (pageToken);
  return runs;
}

/** Sets one tag of a run. */
export async function setTag(
  connection: MlflowConnection,
  runId: string,
  key: string,
  value: string,
): Promise<void> {
  await callMlflow(connection, {
    method: "POST",
    path: "mlflow/runs/set-tag",
    body: { run_id: runId, key, value },
    answer: z.object({}),
  });
}

/** Closes a run. */
export async function setStatus(
  connection: MlflowConnection,
  runId: string,
  status: "FINISHED" | "FAILED" | "KILLED",
): Promise<void> {
  await callMlflow(connection, {
    method: "POST",
    path: "mlflow/runs/update",
    body: { run_id: runId, status, end_time: Date.now() },
    answer: z.object({}),
  });
}
