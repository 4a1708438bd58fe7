import { randomUUID } from "node:crypto";
import { createReadStream, type BigIntStats } from "node:fs";
import {
  mkdir,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
  type FileHandle,
} from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  ArtifactChangedError,
  ArtifactNotFoundError,
  ArtifactPathError,
  ArtifactStoreError,
  checkArtifactPath,
  type ArtifactStore,
  type FileContents,
  type FolderEntry,
  type StoredFile,
} from "./artifact-store.ts";
import { byPath } from "./by-path.ts";

/** Where files lie until they are whole; not to be seen or reached through the store. */
const incomingFolder = ".incoming";

/** What a writer that was killed left behind is given up after a day. */
const abandonedAfterMilliseconds = 24 * 60 * 60 * 1000;

/**
 * A store in a folder of this machine. What is being written lies under `.incoming` until it is
 * whole and is then renamed into place.
 */
export function createFileStore(uri: string): ArtifactStore {
  const root = fileURLToPath(uri);
  const rootUri = pathToFileURL(root).href.replace(/\/+$/, "");
  const fileOf = (path: string) => join(root, checkStoredPath(path));
  const uriOf = (path: string) => pathToFileURL(fileOf(path)).href;

  const openForReading = (path: string) => openFile(fileOf(path), uriOf(path));

  return {
    uri: rootUri,
    uriOf,

    async read(path) {
      const handle = await openForReading(path);
      try {
        return await handle.readFile();
      } finally {
        await handle.close();
      }
    },

    async readStream(path, { start, end, version } = {}): Promise<Readable> {
      const handle = await openForReading(path);
      if (version !== undefined && version !== versionOf(await handle.stat({ bigint: true }))) {
        await handle.close();
        throw new ArtifactChangedError(uriOf(path));
      }
      return createReadStream("", { fd: handle, start, end });
    },

    write: (path, content) => placeFile(root, path, (incoming) => writeFile(incoming, content)),

    writeFolder: (folder, files) => placeFolder(root, folder, files),

    // Async, so that a wrong path rejects like every other failure.
    list: async (folder) => filesBelow(root, fileOf(folder)),
    entries: async (folder) => entriesOf(folder === "" ? root : fileOf(folder)),

    async stat(path) {
      const stats = await statsOfFile(fileOf(path));
      if (!stats) throw new ArtifactNotFoundError(uriOf(path));
      return { path, size: Number(stats.size), version: versionOf(stats) };
    },

    has: async (path) => exists(fileOf(path)),

    async remove(path) {
      await rm(fileOf(path), { recursive: true, force: true }).catch((error: unknown) => {
        // Nothing is below a file, which is no error to `force` only where there is no file.
        if (!missing(error)) throw error;
      });
      await removeEmptyFolders(root, dirname(fileOf(path)));
    },
  };
}

async function openFile(file: string, uri: string): Promise<FileHandle> {
  // A folder can be opened; only reading it fails.
  if (!(await statsOfFile(file))) throw new ArtifactNotFoundError(uri);
  try {
    return await open(file, "r");
  } catch (error) {
    throw missing(error) ? new ArtifactNotFoundError(uri) : error;
  }
}

async function moveIntoPlace(
  root: string,
  target: string,
  fill: (incoming: string) => Promise<void>,
): Promise<void> {
  const incoming = join(root, incomingFolder, randomUUID());
  try {
    await mkdir(dirname(incoming), { recursive: true });
    await removeAbandoned(dirname(incoming));
    await fill(incoming);
    await renameTo(incoming, target);
  } catch (error) {
    await rm(incoming, { recursive: true, force: true });
    throw error;
  }
}

async function renameTo(incoming: string, target: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    await mkdir(dirname(target), { recursive: true });
    try {
      return await rename(incoming, target);
    } catch (error) {
      // Somebody has just removed the last file beside it, and the folder with it.
      if (!isCode(error, "ENOENT") || attempt === 10) throw error;
    }
  }
}

/** A folder is there as long as something is in it, as in every other store. */
async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  if (relative(root, folder) === "") return;
  try {
    await rmdir(folder);
  } catch (error) {
    const inUse = ["ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR"].some((code) => isCode(error, code));
    if (inUse) return;
    throw error;
  }
  await removeEmptyFolders(root, dirname(folder));
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // Another writer may have just moved it into place.
    const written = await stat(path).catch(() => undefined);
    const age = written ? Date.now() - written.mtimeMs : 0;
    if (age > abandonedAfterMilliseconds) await rm(path, { recursive: true, force: true });
  }
}

async function placeFile(
  root: string,
  path: string,
  fill: (incoming: string) => Promise<void>,
): Promise<void> {
  const target = join(root, checkStoredPath(path));
  await moveIntoPlace(root, target, fill).catch((error: unknown) => {
    throw refused(path, error);
  });
}

async function placeFolder(root: string, folder: string, files: FileContents): Promise<void> {
  const target = join(root, checkStoredPath(folder));
  if (await exists(target)) return;
  try {
    await moveIntoPlace(root, target, (incoming) => fillFolder(incoming, files));
  } catch (error) {
    // Somebody else was quicker with the same folder; content-addressed folders are equal.
    if (!(await exists(target))) throw refused(folder, error);
  }
}

async function fillFolder(folder: string, files: FileContents): Promise<void> {
  await mkdir(folder);
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, checkArtifactPath(path));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

async function entriesOf(folder: string): Promise<FolderEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (missing(error)) return [];
    throw error;
  });
  const found = await Promise.all(
    entries
      .filter((entry) => entry.name !== incomingFolder)
      .map(async (entry): Promise<FolderEntry | undefined> => {
        const { name } = entry;
        if (!entry.isFile()) return { name, kind: "folder" };
        const stats = await statsOfFile(join(folder, name));
        return stats && { name, kind: "file", size: Number(stats.size) };
      }),
  );
  // What has been removed since is no longer there.
  return found.filter((entry) => entry !== undefined).toSorted(byPath(({ name }) => name));
}

async function filesBelow(root: string, folder: string): Promise<StoredFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (missing(error)) return [];
      throw error;
    },
  );
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const file = join(entry.parentPath, entry.name);
        const stats = await statsOfFile(file);
        const path = relative(root, file).split(sep).join("/");
        return stats && { path, size: Number(stats.size) };
      }),
  );
  return files.filter((file) => file !== undefined).toSorted(byPath(({ path }) => path));
}

async function statsOfFile(file: string): Promise<BigIntStats | undefined> {
  const stats = await stat(file, { bigint: true }).catch((error: unknown) => {
    if (!missing(error)) throw error;
  });
  return stats?.isFile() ? stats : undefined;
}

/** A file is replaced by another one, never written over. */
function versionOf({ ino, mtimeNs, size }: BigIntStats): string {
  return [ino, mtimeNs, size].map((number) => number.toString(36)).join("-");
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (missing(error)) return false;
    throw error;
  }
}

function checkStoredPath(path: string): string {
  if (path.split("/")[0] === incomingFolder) {
    throw new ArtifactPathError(path, `${incomingFolder} is the store's own`);
  }
  return checkArtifactPath(path);
}

/** The error to throw: what is wrong with the path or the disk, if that is it. */
function refused(path: string, error: unknown): unknown {
  const is = (...codes: string[]) => codes.some((code) => isCode(error, code));
  const options = { cause: error };
  if (is("EEXIST", "ENOTEMPTY", "EISDIR", "ENOTDIR")) {
    return new ArtifactPathError(path, "the name is taken", options);
  }
  if (is("ENAMETOOLONG")) return new ArtifactPathError(path, "a name in it is too long", options);
  if (is("ENOSPC", "EDQUOT", "EFBIG")) {
    const message = `there is no space left for ${path}; free some, or move the store to a larger disk`;
    return new ArtifactStoreError("full", message, options);
  }
  return error;
}

/** A name that is too long for the disk cannot be there either. */
function missing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "ENAMETOOLONG"].some((code) => isCode(error, code));
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
