import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  ArtifactNotFoundError,
  ArtifactPathError,
  checkArtifactPath,
  type ArtifactStore,
  type FileContents,
  type FolderEntry,
  type StoredFile,
} from "./artifact-store.ts";

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

  async function openForReading(path: string) {
    const file = fileOf(path);
    // A folder can be opened; only reading it fails.
    if ((await sizeOfFile(file)) === undefined) throw new ArtifactNotFoundError(uriOf(path));
    try {
      return await open(file, "r");
    } catch (error) {
      throw missing(error) ? new ArtifactNotFoundError(uriOf(path)) : error;
    }
  }

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

    async readStream(path): Promise<Readable> {
      const handle = await openForReading(path);
      return createReadStream("", { fd: handle });
    },

    write: (path, content) => placeFile(root, path, (incoming) => writeFile(incoming, content)),

    async writeFolder(folder, files: FileContents) {
      const target = fileOf(folder);
      if (await exists(target)) return;
      try {
        await moveIntoPlace(root, target, (incoming) => fillFolder(incoming, files));
      } catch (error) {
        // Somebody else was quicker with the same folder; content-addressed folders are equal.
        if (!(await exists(target))) throw refused(folder, error);
      }
    },

    // Async, so that a wrong path rejects like every other failure.
    list: async (folder) => filesBelow(root, fileOf(folder)),
    entries: async (folder) => entriesOf(folder === "" ? root : fileOf(folder)),

    async stat(path) {
      const size = await sizeOfFile(fileOf(path));
      if (size === undefined) throw new ArtifactNotFoundError(uriOf(path));
      return { path, size };
    },

    has: async (path) => exists(fileOf(path)),
    remove: async (path) => rm(fileOf(path), { recursive: true, force: true }),
  };
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
    await mkdir(dirname(target), { recursive: true });
    await rename(incoming, target);
  } catch (error) {
    await rm(incoming, { recursive: true, force: true });
    throw error;
  }
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
      .map(async (entry): Promise<FolderEntry> => {
        if (!entry.isFile()) return { name: entry.name, kind: "folder" };
        const { size } = await stat(join(folder, entry.name));
        return { name: entry.name, kind: "file", size };
      }),
  );
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
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
        const { size } = await stat(file);
        return { path: relative(root, file).split(sep).join("/"), size };
      }),
  );
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function sizeOfFile(file: string): Promise<number | undefined> {
  const stats = await stat(file).catch((error: unknown) => {
    if (!missing(error)) throw error;
  });
  return stats?.isFile() ? stats.size : undefined;
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

/** The error to throw: a path error if a file or folder with that name is in the way. */
function refused(path: string, error: unknown): unknown {
  const taken = ["EEXIST", "ENOTEMPTY", "EISDIR", "ENOTDIR"].some((code) => isCode(error, code));
  return taken ? new ArtifactPathError(path, "the name is taken", { cause: error }) : error;
}

function missing(error: unknown): boolean {
  return isCode(error, "ENOENT") || isCode(error, "ENOTDIR");
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
