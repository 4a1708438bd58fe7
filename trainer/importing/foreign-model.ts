import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { digestOf, digestOfFiles, sha256, type Digest } from "@updraft/contracts/digest";
import { messageOf } from "@updraft/contracts/message-of";

/**
 * How a model is kept that was trained elsewhere: by tfjs (`model.json` and shards of weights), by
 * Keras in one file, or as a SavedModel of TensorFlow.
 */
export type ForeignFormat = "tfjs" | "keras-h5" | "keras-v3" | "saved-model";

/** A model that was trained elsewhere, as it lies on this machine. */
export interface ForeignModel {
  readonly format: ForeignFormat;
  /** File or folder, absolute; of tfjs the folder. */
  readonly path: string;
  /** What people call it: the last part of its path. */
  readonly name: string;
  /** Of the file's bytes, or of all files of the folder. */
  readonly digest: Digest;
}

const known =
  "a folder with model.json (tfjs) or saved_model.pb (SavedModel), or a file .h5, .hdf5 or .keras (Keras)";

/**
 * Finds out what lies at a path.
 * @throws if it is nothing that can be imported
 */
export async function foreignModel(path: string): Promise<ForeignModel> {
  const found = await stat(path).catch((error: unknown) => {
    throw new Error(`${path} cannot be read: ${messageOf(error)}; expected ${known}`, {
      cause: error,
    });
  });
  const name = basename(path);
  if (found.isDirectory()) return folderModel(path);
  if (name === "model.json") return folderModel(join(path, ".."));
  const format = keras[/\.[^.]+$/.exec(name)?.[0] ?? ""];
  if (!format) throw new Error(`${path} is no model that is known; expected ${known}`);
  return { format, path, name, digest: digestOf(await readFile(path)) };
}

const keras: Readonly<Record<string, ForeignFormat>> = {
  ".h5": "keras-h5",
  ".hdf5": "keras-h5",
  ".keras": "keras-v3",
};

async function folderModel(path: string): Promise<ForeignModel> {
  const names = new Set(await readdir(path));
  const formats: ForeignFormat[] = [
    ...(names.has("model.json") ? (["tfjs"] as const) : []),
    ...(names.has("saved_model.pb") ? (["saved-model"] as const) : []),
  ];
  const [format] = formats;
  if (!format) throw new Error(`${path} has no model that is known; expected ${known}`);
  if (formats.length > 1) {
    throw new Error(`${path} has both model.json and saved_model.pb; expected one of them`);
  }
  return { format, path, name: basename(path), digest: await folderDigest(path) };
}

async function folderDigest(folder: string): Promise<Digest> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name));
  return digestOfFiles(
    await Promise.all(
      paths.map(async (path) => ({
        path: relative(folder, path).split(sep).join("/"),
        sha256: sha256(await readFile(path)),
      })),
    ),
  );
}
