import { z } from "zod";
import { hasEnded, type ProcessIdentity } from "../process-identity.ts";
import { callMlflow, type MlflowConnection } from "./mlflow-client.ts";

/** Tags that say which process a run belongs to. */
const ownerTags = {
  host: "updraft.owner.host",
  pid: "updraft.owner.pid",
  startedAt: "updraft.owner.startedAt",
} as const;

/** A run as a search gives it. */
export const FoundRun = z.object({
  info: z.object({ run_id: z.string(), artifact_uri: z.string() }),
  data: z
    .object({ tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]) })
    .default({ tags: [] }),
});
export type FoundRun = z.infer<typeof FoundRun>;

/** The tags of a run of this process. */
export function tagsOfOwner(owner: ProcessIdentity): Record<string, string> {
  return {
    [ownerTags.host]: owner.host,
    [ownerTags.pid]: String(owner.pid),
    [ownerTags.startedAt]: owner.startedAt,
  };
}

/** Marks the runs of an experiment as failed whose trainer ended without closing them. */
export async function failAbandonedRuns(
  connection: MlflowConnection,
  experimentId: string,
): Promise<void> {
  for (const run of await runningRuns(connection, experimentId)) {
    const owner = ownerOf(run);
    if (!owner || !hasEnded(owner)) continue;
    const { run_id } = run.info;
    const failure = `the trainer (process ${owner.pid} on ${owner.host}) ended without closing the run; it was killed, or the machine went down`;
    await callMlflow(connection, {
      method: "POST",
      path: "mlflow/runs/set-tag",
      body: { run_id, key: "updraft.failure", value: failure },
      answer: z.object({}),
    });
    await callMlflow(connection, {
      method: "POST",
      path: "mlflow/runs/update",
      body: { run_id, status: "FAILED", end_time: Date.now() },
      answer: z.object({}),
    });
  }
}

/** The runs of an experiment that are not closed. */
export async function runningRuns(
  connection: MlflowConnection,
  experimentId: string,
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
          filter: "attributes.status = 'RUNNING'",
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

/** The value of a run's tag. */
export function tagOf(run: FoundRun, key: string): string | undefined {
  return run.data.tags.find((tag) => tag.key === key)?.value;
}

function ownerOf(run: FoundRun): ProcessIdentity | undefined {
  const host = tagOf(run, ownerTags.host);
  const pid = Number(tagOf(run, ownerTags.pid));
  if (host === undefined || !Number.isInteger(pid) || pid <= 0) return undefined;
  return { host, pid, startedAt: tagOf(run, ownerTags.startedAt) ?? "" };
}
