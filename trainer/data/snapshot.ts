import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { digestOfFiles, hexOf, sha256, type Digest } from "@updraft/contracts/digest";
import type { DatasetFile } from "@updraft/models/dataset";

/** The exact bytes of a dataset in the artifact store. */
export interface Snapshot {
  readonly digest: Digest;
  /** Its folder, which is a dataset itself: `file:///…/datasets/3f9a…`. */
  readonly uri: string;
}

/** Names the exact bytes of a dataset. */
export function datasetDigest(files: readonly DatasetFile[]): Digest {
  return digestOfFiles(files.map(({ name, content }) => ({ path: name, sha256: sha256(content) })));
}

/** Keeps the files of a dataset under their digest; the same files are kept once. */
export async function snapshotDataset(
  store: ArtifactStore,
  files: readonly DatasetFile[],
): Promise<Snapshot> {
  const digest = datasetDigest(files);
  const folder = `datasets/${hexOf(digest)}`;
  await store.writeFolder(
    folder,
    Object.fromEntries(files.map(({ name, content }) => [name, content])),
  );
  return { digest, uri: store.uriOf(folder) };
}
