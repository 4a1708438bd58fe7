import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { z } from "zod";
import { FoundRun, runningRuns, tagOf } from "./found-run.ts";
import { callMlflow, TrackerUnavailableError, type MlflowConnection } from "./mlflow-client.ts";
import type { RunStart } from "./tracking.ts";

/** Finds the run again if the answer to its creation was lost. */
const keyTag = "updraft.run.key";

/** A run that is made. */
export interface NewRun {
  readonly start: Pick<RunStart, "model" | "gitCommit">;
  readonly tags: Readonly<Record<string, string>>;
  /** @default one that the tracker makes up */
  readonly name?: string;
}

/** Makes a run; once, even if the tracker goes away in between. */
export async function createRun(
  connection: MlflowConnection,
  experimentId: string,
  { start, tags, name }: NewRun,
): Promise<FoundRun> {
  const key = randomUUID();
  const user = userName();
  const allTags = {
    "mlflow.user": user,
    "mlflow.source.name": "updraft-trainer",
    "mlflow.source.type": "LOCAL",
    ...(start.gitCommit ? { "mlflow.source.git.commit": start.gitCommit } : {}),
    "updraft.model": start.model,
    ...tags,
    [keyTag]: key,
  };
  const body = {
    experiment_id: experimentId,
    user_id: user,
    start_time: Date.now(),
    ...(name === undefined ? {} : { run_name: name }),
    tags: Object.entries(allTags).map(([tag, value]) => ({ key: tag, value })),
  };
  for (;;) {
    try {
      const { run } = await callMlflow(connection, {
        method: "POST",
        path: "mlflow/runs/create",
        body,
        answer: z.object({ run: FoundRun }),
        repeatable: false,
      });
      return run;
    } catch (error) {
      if (!(error instanceof TrackerUnavailableError)) throw error;
      // The server may have created it before the answer was lost. If it is away for good, the
      // search says so.
      const runs = await runningRuns(connection, experimentId);
      const run = runs.find((candidate) => tagOf(candidate, keyTag) === key);
      if (run) return run;
    }
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user often has a number and no name.
    return process.env["USER"] ?? "unknown";
  }
}
