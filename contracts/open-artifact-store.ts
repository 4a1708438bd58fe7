import type { ArtifactStore } from "./artifact-store.ts";
import { createFileStore } from "./file-store.ts";

/**
 * Opens the store at an address.
 * @throws if the address is not `file:///…`
 */
export function openArtifactStore(uri: string): ArtifactStore {
  if (uri.startsWith("file:///")) return createFileStore(uri);
  throw new Error(`${uri} is not an artifact store: expected file:///<absolute folder>`);
}
