import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ArtifactNotFoundError, type ArtifactStore } from "@updraft/contracts/artifact-store";
import { messageOf } from "@updraft/contracts/message-of";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { unbundleFiles } from "@updraft/contracts/package-bundle";
import type { SourceVariables } from "@updraft/contracts/promotion-source";

/** How the package of another stack is reached. */
export interface SourceAccess {
  /** What its store is opened with, and nothing else. */
  readonly variables: SourceVariables;
  /** File with the package in it, or folder with the parts of one, in place of the store. */
  readonly bundle: string | undefined;
}

/**
 * The files of a package, by path below its folder.
 * @param uri address of the package's folder
 * @throws {BundleError} if the bundle is damaged
 */
export async function openPackageFiles(
  uri: string,
  { variables, bundle }: SourceAccess,
): Promise<Pick<ArtifactStore, "read">> {
  if (bundle === undefined) return openArtifactStore(uri, variables);
  const files = unbundleFiles(await bundleIn(bundle));
  return {
    async read(path) {
      const file = Object.hasOwn(files, path) ? files[path] : undefined;
      if (file === undefined) throw new ArtifactNotFoundError(`${bundle}/${path}`);
      return file;
    },
  };
}

/** A bundle in a file, or in the files of a folder one after another, in the order of their names. */
async function bundleIn(path: string): Promise<Buffer> {
  try {
    if ((await stat(path)).isFile()) return await readFile(path);
    // A volume of a pod keeps its own files there too, and their names begin with a dot.
    const names = (await readdir(path)).filter((name) => !name.startsWith(".")).toSorted();
    return Buffer.concat(await Promise.all(names.map((name) => readFile(join(path, name)))));
  } catch (error) {
    throw new Error(
      `the package bundle ${path} (TRAINER_SOURCE_BUNDLE) cannot be read: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
