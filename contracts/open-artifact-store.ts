import type { ArtifactStore } from "./artifact-store.ts";
import { createFileStore } from "./file-store.ts";
import { createProxyStore } from "./proxy-store.ts";

/**
 * Opens the store at an address.
 * @param variables for a store behind a tracker: its address and who asks, see `trackingServer`
 * @throws if it is no address of a store, or the variables do not say how to reach it
 */
export function openArtifactStore(
  uri: string,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): ArtifactStore {
  if (uri.startsWith("file:///")) return createFileStore(uri);
  if (uri.startsWith("mlflow-artifacts:")) return createProxyStore(uri, variables);
  throw new Error(
    `${uri} is not an artifact store: expected file:///<absolute folder> or mlflow-artifacts:/<path>`,
  );
}
