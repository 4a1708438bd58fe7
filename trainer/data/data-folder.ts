import { eachOf } from "@updraft/contracts/each-of";
import { digestOfFiles, sha256, type Digest } from "@updraft/contracts/digest";
import { DataError, type DatasetFile, type DatasetFormat } from "@updraft/models/dataset";
import { checksumsFile, parseChecksums } from "./checksums.ts";
import { otherBytes } from "./download.ts";
import { gunzip } from "./gunzip.ts";

/** A place with files: on a disk, on the web, in a bucket. */
export interface DataFolder {
  /** Where a file is or would be, for messages. */
  originOf(path: string): string;
  /**
   * A file's bytes as they lie there; `undefined` if there is none.
   * @param sum the sha256 that they should have, in hexadecimal; whoever reads checks it
   */
  read(path: string, sum?: string): Promise<Uint8Array | undefined>;
  /** 64 hexadecimal digits that are others when the file's content is; read only if need be. */
  stamp(path: string): Promise<string | undefined>;
  /** The paths of all files; `undefined` if nothing there says which there are. */
  list(): Promise<readonly string[] | undefined>;
}

/** What of a folder is meant. */
export interface DataPlace {
  readonly folder: DataFolder;
  /** The only file that counts. */
  readonly only?: string | undefined;
  /** Of the only file, or of the list of checksums; in hexadecimal. */
  readonly sha256?: string | undefined;
}

/**
 * Reads a dataset: each file of the format under its published name, or gzipped with `.gz` after
 * it; where both are there, the one that is not gzipped. If a file `SHA256SUMS` is there, it says
 * which files belong to the dataset, and their bytes are checked.
 * @throws {DataError} for a missing, unreadable or broken file
 */
export async function readDataFolder(
  place: DataPlace,
  format: DatasetFormat,
): Promise<DatasetFile[]> {
  const files = await eachFile(place, format, (path, sum) => readChecked(place.folder, path, sum));
  const read: DatasetFile[] = [];
  for (const { name, path, value } of files) {
    const origin = place.folder.originOf(path);
    read.push({ name, origin, content: path === name ? value : await gunzip(value, origin) });
  }
  return read;
}

/**
 * Names what {@link readDataFolder} would read, from checksums and from what the place says of its
 * files; only where it says nothing they are read.
 * @throws {DataError} for a missing or unreadable file
 */
export async function dataFolderFingerprint(
  place: DataPlace,
  format: DatasetFormat,
): Promise<Digest> {
  const files = await eachFile(place, format, async (path, sum) => sum ?? place.folder.stamp(path));
  return digestOfFiles(files.map(({ name, value }) => ({ path: name, sha256: value })));
}

async function readChecked(
  folder: DataFolder,
  path: string,
  sum: string | undefined,
): Promise<Uint8Array | undefined> {
  const content = await folder.read(path, sum);
  if (!content || sum === undefined) return content;
  const own = sha256(content);
  if (own === sum) return content;
  throw otherBytes(folder.originOf(path), own, sum);
}

/** What was found under a name. */
interface Found<T> {
  readonly name: string;
  readonly path: string;
  readonly value: T;
}

/** Takes something of a file, which may not be there. */
type Take<T> = (path: string, sum: string | undefined) => Promise<T | undefined>;

/** Takes something of every file of a dataset. */
async function eachFile<T>(
  place: DataPlace,
  format: DatasetFormat,
  take: Take<T>,
): Promise<Found<T>[]> {
  const known = await knownFiles(place);
  const found: Found<T>[] = [];
  for (const { name, required } of format.files) {
    const file = await firstOf(name, [name, `${name}.gz`], known, take);
    if (file) found.push(file);
    else if (required) throw missing(place, name, known);
  }
  if (format.others) found.push(...(await otherFiles(place, format.others, known, take)));
  return found;
}

/** By the path of each file that belongs to the dataset its sha256, as far as that is said. */
type KnownFiles = ReadonlyMap<string, string | undefined>;

async function knownFiles({
  folder,
  only,
  sha256: sum,
}: DataPlace): Promise<KnownFiles | undefined> {
  if (only !== undefined) return new Map([[only, sum]]);
  const list = await readChecked(folder, checksumsFile, sum);
  const origin = folder.originOf(checksumsFile);
  if (list) return parseChecksums(list, origin);
  if (sum === undefined) return undefined;
  const rule = "the file is missing; the sha256 of a folder is that of this file";
  throw new DataError(origin, undefined, rule);
}

async function firstOf<T>(
  name: string,
  paths: readonly string[],
  known: KnownFiles | undefined,
  take: Take<T>,
): Promise<Found<T> | undefined> {
  for (const path of paths) {
    if (known && !known.has(path)) continue;
    const value = await take(path, known?.get(path));
    if (value !== undefined) return { name, path, value };
  }
  return undefined;
}

function missing(
  { folder, only }: DataPlace,
  name: string,
  known: KnownFiles | undefined,
): DataError {
  const rule = () => {
    if (!known) return `expected it, or ${name}.gz`;
    const isKnown = known.has(name) || known.has(`${name}.gz`);
    if (only !== undefined)
      return isKnown ? "expected it there" : `the address is of ${only} alone`;
    return `${checksumsFile} ${isKnown ? "lists it" : "does not list it"}`;
  };
  return new DataError(folder.originOf(name), undefined, `the file is missing; ${rule()}`);
}

/** Files that are asked for at the same time. */
const atOnce = 8;

async function otherFiles<T>(
  { folder }: DataPlace,
  { accepts, description }: NonNullable<DatasetFormat["others"]>,
  known: KnownFiles | undefined,
  take: Take<T>,
): Promise<Found<T>[]> {
  const paths = known ? [...known.keys()] : await folder.list();
  if (!paths) {
    const rule = `nothing says which files are there; expected ${description}, and this list of them`;
    throw new DataError(folder.originOf(checksumsFile), undefined, rule);
  }
  const accepted = paths.filter((path) => accepts(path)).toSorted((a, b) => (a < b ? -1 : 1));
  const found: Found<T>[] = [];
  await eachOf([...accepted.entries()], atOnce, async ([index, path]) => {
    const value = await take(path, known?.get(path));
    if (value === undefined) {
      const rule = `the file is missing; ${known ? `${checksumsFile} lists it` : "it was there just now"}`;
      throw new DataError(folder.originOf(path), undefined, rule);
    }
    found[index] = { name: path, path, value };
  });
  return found;
}
