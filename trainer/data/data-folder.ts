import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOfFiles, sha256, type Digest } from "@updraft/contracts/digest";
import { DataError, type DatasetFile, type DatasetFormat } from "@updraft/models/dataset";
import { gunzip } from "./gunzip.ts";

/** A file as it lies in a folder. */
interface PackedFile {
  readonly name: string;
  readonly path: string;
  readonly content: Buffer;
}

/**
 * Reads a dataset from a folder: each file of the format under its published name, or gzipped with
 * `.gz` after it; where both are there, the one that is not gzipped.
 * @param uri `file:///<folder>`
 * @throws {DataError} for a missing, unreadable or broken file
 */
export async function readDataFolder(uri: string, format: DatasetFormat): Promise<DatasetFile[]> {
  const files = await packedFiles(uri, format);
  return Promise.all(
    files.map(async ({ name, path, content }) => ({
      name,
      origin: path,
      content: path.endsWith(".gz") ? await gunzip(content, path) : content,
    })),
  );
}

/**
 * Names what is in a folder, by its bytes as they lie there.
 * @throws {DataError} for a missing or unreadable file
 */
export async function dataFolderFingerprint(uri: string, format: DatasetFormat): Promise<Digest> {
  const files = await packedFiles(uri, format);
  return digestOfFiles(files.map(({ name, content }) => ({ path: name, sha256: sha256(content) })));
}

async function packedFiles(uri: string, format: DatasetFormat): Promise<PackedFile[]> {
  const folder = folderOf(uri);
  const files: PackedFile[] = [];
  for (const { name, required } of format.files) {
    const file = (await read(folder, name, "")) ?? (await read(folder, name, ".gz"));
    if (file) files.push(file);
    else if (required) {
      throw new DataError(
        join(folder, name),
        undefined,
        `the file is missing; expected it, or ${name}.gz`,
      );
    }
  }
  return files;
}

function folderOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (error) {
    throw new DataError(uri, undefined, "expected file:///<folder>", { cause: error });
  }
}

async function read(folder: string, name: string, suffix: string): Promise<PackedFile | undefined> {
  const path = join(folder, name + suffix);
  try {
    return { name, path, content: await readFile(path) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(path, undefined, `it cannot be read: ${reason}`, { cause: error });
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR";
}
