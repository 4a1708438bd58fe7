import { ArtifactPathError, checkArtifactPath } from "./artifact-store.ts";
import type { ArtifactStore, FileContents } from "./artifact-store.ts";
import { eachOf } from "./each-of.ts";

/** Files that are sent at once. */
const writtenAtOnce = 4;

/**
 * Writes a folder into a store that cannot rename one: all files but the last, and the last one
 * when the others are there. A folder without its last file is not there yet, and is written anew
 * by the next who comes.
 *
 * What a writer that failed has left is not removed: another writer of the same folder may have
 * just finished it.
 * @see {@link ArtifactStore.writeFolder}
 */
export async function writeSealedFolder(
  store: Pick<ArtifactStore, "has" | "write">,
  folder: string,
  files: FileContents,
): Promise<void> {
  checkArtifactPath(folder);
  const paths = Object.keys(files).map((path) => `${folder}/${checkArtifactPath(path)}`);
  const seal = paths.at(-1);
  if (seal === undefined) throw new ArtifactPathError(folder, "a folder without files is none");
  if (await store.has(seal)) return;
  const contents = Object.values(files).map((content, index) => ({
    path: paths[index] ?? "",
    content,
  }));
  await eachOf(contents.slice(0, -1), writtenAtOnce, ({ path, content }) =>
    store.write(path, content),
  );
  await store.write(seal, files[seal.slice(folder.length + 1)] ?? "");
}
