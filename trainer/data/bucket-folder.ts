import {
  ArtifactNotFoundError,
  ArtifactStoreError,
  type ArtifactStore,
} from "@updraft/contracts/artifact-store";
import { sha256 } from "@updraft/contracts/digest";
import type { DataFolder } from "./data-folder.ts";

/** A folder of a bucket. Whatever keeps it from being read, the store says. */
export function createBucketFolder(store: ArtifactStore): DataFolder {
  let listed: Promise<ReadonlySet<string> | undefined> | undefined;
  /**
   * Where it may be listed what is missing is not asked for: a bucket forbids that to whoever may
   * not list all of it.
   */
  const isMissing = async (path: string) => {
    listed ??= namesIn(store);
    return !path.includes("/") && (await listed)?.has(path) === false;
  };
  const read = async (path: string) =>
    (await isMissing(path)) ? undefined : unlessMissing(store.read(path));
  return {
    originOf: (path) => store.uriOf(path),
    read,
    async stamp(path) {
      if (await isMissing(path)) return undefined;
      const details = await unlessMissing(store.stat(path));
      if (!details) return undefined;
      if (details.version !== undefined) return sha256(`${details.version} ${details.size}`);
      const content = await read(path);
      return content && sha256(content);
    },
    list: () => pathsBelow(store, ""),
  };
}

/** What lies directly in a folder, if that may be known. */
async function namesIn(store: ArtifactStore): Promise<ReadonlySet<string> | undefined> {
  try {
    return new Set((await store.entries("")).map(({ name }) => name));
  } catch (error) {
    if (error instanceof ArtifactStoreError && error.reason === "refused") return undefined;
    throw error;
  }
}

async function pathsBelow(store: ArtifactStore, folder: string): Promise<string[]> {
  const prefix = folder === "" ? "" : `${folder}/`;
  const entries = await store.entries(folder);
  const below = await Promise.all(
    entries.map(async ({ name, kind }) =>
      kind === "file" ? [prefix + name] : pathsBelow(store, prefix + name),
    ),
  );
  return below.flat();
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ArtifactNotFoundError) return undefined;
    throw error;
  }
}
