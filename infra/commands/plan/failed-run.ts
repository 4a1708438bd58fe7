import { trackingServer } from "@updraft/contracts/tracking-server";
import { z } from "zod";
import type { HistoryEntry } from "./read-history.ts";
import type { StackState } from "./read-state.ts";

/** How long the tracker may take to answer; one in a cluster cannot be reached from everywhere. */
const patienceMs = 3000;

/** The run of an update that failed. */
export interface FailedRun {
  readonly runId: string;
  /** Its page. */
  readonly url: string;
  /** Why it failed, in the trainer's words: the gate's table, where that was it. */
  readonly message: string;
}

const Found = z.object({
  runs: z
    .array(
      z.object({
        info: z.object({ run_id: z.string(), status: z.string(), start_time: z.coerce.number() }),
        data: z.object({
          tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
        }),
      }),
    )
    .default([]),
});

/**
 * Asks the stack's own tracker why the last update failed. A tracker that serves others too is not
 * asked: its runs do not say whose they are.
 * @returns nothing if it did not fail, no run of it did, or the tracker does not say
 */
export async function failedRun(
  { trackerUrl, runUrl, release }: StackState,
  history: readonly HistoryEntry[],
): Promise<FailedRun | undefined> {
  const last = history.find(({ kind }) => kind === "update");
  const page = `${trackerUrl}/runs/`;
  if (last?.result !== "failed" || !trackerUrl || !runUrl?.startsWith(page)) return undefined;
  return failureIn(await newestRun(trackerUrl, release?.experimentId ?? "0"), last, page);
}

/** What an answer of the tracker says of an update. */
export function failureIn(
  answer: unknown,
  { startedAt, endedAt }: Pick<HistoryEntry, "startedAt" | "endedAt">,
  page: string,
): FailedRun | undefined {
  const run = Found.safeParse(answer).data?.runs[0];
  const message = run?.data.tags.find(({ key }) => key === "updraft.failure")?.value;
  if (run?.info.status !== "FAILED" || message === undefined) return undefined;
  const { run_id: runId, start_time: at } = run.info;
  const isOfUpdate = at >= Date.parse(startedAt) && at <= Date.parse(endedAt ?? startedAt) + 1000;
  return isOfUpdate ? { runId, url: `${page}${runId}`, message } : undefined;
}

async function newestRun(url: string, experimentId: string): Promise<unknown> {
  try {
    const server = trackingServer({ ...process.env, MLFLOW_TRACKING_URI: url });
    const answer = await fetch(`${server.url}/api/2.0/mlflow/runs/search`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(server.authorization === undefined ? {} : { authorization: server.authorization }),
      },
      body: JSON.stringify({
        experiment_ids: [experimentId],
        order_by: ["attributes.start_time DESC"],
        max_results: 1,
      }),
      signal: AbortSignal.timeout(patienceMs),
    });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}
