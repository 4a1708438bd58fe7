import type { ArtifactStore } from "./artifact-store.ts";
import { createFileStore } from "./file-store.ts";
import { createLazyS3Store } from "./s3/lazy-s3-store.ts";
import { createProxyStore } from "./proxy-store.ts";

/**
 * Opens the store at an address.
 * @param variables where a bucket or a tracker is and who asks: see `connectToS3`, `trackingServer`
 * @throws if it is no address of a store, or the variables do not say how to reach it
 */
export function openArtifactStore(
  uri: string,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): ArtifactStore {
  if (uri.startsWith("file:///")) return createFileStore(uri);
  if (uri.startsWith("s3://")) return createLazyS3Store(uri, variables);
  if (uri.startsWith("mlflow-artifacts:")) return createProxyStore(uri, variables);
  throw new Error(
    `${uri} is not an artifact store: expected file:///<absolute folder>, s3://<bucket>/<prefix> or mlflow-artifacts:/<path>`,
  );
}
