import type { FileContents } from "@updraft/contracts/artifact-store";
import { z } from "zod";
import { callMlflow, type MlflowConnection } from "./mlflow-client.ts";

/**
 * Writes artifacts of a run through the tracker.
 * @param artifactUri where they belong, such as `mlflow-artifacts:/1/<run>/artifacts`
 * @returns false, having done nothing, if the server wants its clients to write elsewhere by
 * themselves, such as to `s3://…`
 */
export async function uploadFiles(
  connection: MlflowConnection,
  artifactUri: string,
  files: FileContents,
): Promise<boolean> {
  const folder = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(artifactUri)?.[1];
  if (folder === undefined) return false;
  for (const [path, content] of Object.entries(files)) {
    await callMlflow(connection, {
      method: "PUT",
      path: `mlflow-artifacts/artifacts/${folder}/${path}`,
      body: content,
      answer: z.unknown(),
    });
  }
  return true;
}

/** Where the artifacts of a run belong. */
export async function artifactUriOf(connection: MlflowConnection, runId: string): Promise<string> {
  const { run } = await callMlflow(connection, {
    method: "GET",
    path: "mlflow/runs/get",
    query: { run_id: runId },
    answer: z.object({ run: z.object({ info: z.object({ artifact_uri: z.string() }) }) }),
  });
  return run.info.artifact_uri;
}
