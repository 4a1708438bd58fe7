import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256 } from "@updraft/contracts/digest";
import { DataError } from "@updraft/models/dataset";
import type { DataFolder } from "./data-folder.ts";

/**
 * A folder of this machine.
 * @param uri `file:///<folder>`
 * @throws {DataError} if it is no such address
 */
export function createFileFolder(uri: string): DataFolder {
  const folder = pathOf(uri);
  const read = async (path: string) => readIfThere(join(folder, path));
  return {
    originOf: (path) => join(folder, path),
    read,
    async stamp(path) {
      const content = await read(path);
      return content && sha256(content);
    },
    async list() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
        (error: unknown) => {
          throw unreadable(folder, error);
        },
      );
      return entries
        .filter((entry) => !entry.isDirectory())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
        .map((path) => path.split(sep).join("/"));
    },
  };
}

function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (error) {
    throw new DataError(uri, undefined, "expected file:///<folder>", { cause: error });
  }
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unreadable(file, error);
  }
}

function unreadable(path: string, error: unknown): DataError {
  const reason = error instanceof Error ? error.message : String(error);
  return new DataError(path, undefined, `it cannot be read: ${reason}`, { cause: error });
}
