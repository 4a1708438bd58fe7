import { hexOf } from "@updraft/contracts/digest";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { DataError, type DatasetFile, type DatasetSource } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import { createBucketFolder } from "./bucket-folder.ts";
import { dataFolderFingerprint, readDataFolder, type DataPlace } from "./data-folder.ts";
import { parseDatasetUri, snapshotIn, type DatasetUri } from "./dataset-uri.ts";
import { download, DownloadError, type DownloadOptions } from "./download.ts";
import { createFileFolder } from "./file-folder.ts";
import { datasetDigest } from "./snapshot.ts";
import { createWebFolder } from "./web-folder.ts";

export interface AcquireOptions extends DownloadOptions {
  /** Where a bucket is and who asks, by the names that stores know. @default the process's own */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/**
 * Gets the files of a dataset, from wherever it is.
 * @param dataset a name that the model knows, or an address
 * @throws {DataError} if a file is missing or broken, or not the one that was named
 * @throws if it cannot be had: what was tried, and what to do
 */
export async function acquireDataset(
  definition: ModelDefinition,
  dataset: string,
  options: AcquireOptions,
): Promise<DatasetFile[]> {
  const source = sourceOf(definition, dataset);
  try {
    return source
      ? await readSource(source, options)
      : await readUri(parseDatasetUri(dataset, definition.format), definition, options);
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new Error(`${error.message}\n${alternatives(definition, dataset)}`, { cause: error });
  }
}

/**
 * Names the content of a dataset without training on it, and without reading it where something
 * else says what is in it: a snapshot's address and a checksum need no request, an ETag needs one.
 * @throws {DataError} if a file is missing
 */
export async function datasetFingerprint(
  definition: ModelDefinition,
  dataset: string,
  options: AcquireOptions,
): Promise<string> {
  const source = sourceOf(definition, dataset);
  if (source) return source.fingerprint();
  const uri = parseDatasetUri(dataset, definition.format);
  // The list of a folder's checksums stands for all that they are of.
  const named = snapshotIn(uri.address) ?? (uri.only === undefined ? uri.sha256 : undefined);
  // Where it is cheap to look, it is seen at once that it is gone.
  if (named !== undefined && !uri.address.startsWith("file:")) return `sha256:${named}`;
  return dataFolderFingerprint(placeOf(uri, options), definition.format);
}

function sourceOf({ datasets }: ModelDefinition, dataset: string): DatasetSource | undefined {
  return Object.hasOwn(datasets, dataset) ? datasets[dataset] : undefined;
}

function readSource(source: DatasetSource, options: DownloadOptions): Promise<DatasetFile[]> {
  return source.read({
    async download(files) {
      const got: DatasetFile[] = [];
      for (const file of files) got.push(await download(file, options));
      return got;
    },
  });
}

async function readUri(
  uri: DatasetUri,
  { format }: ModelDefinition,
  options: AcquireOptions,
): Promise<DatasetFile[]> {
  const files = await readDataFolder(placeOf(uri, options), format);
  const snapshot = snapshotIn(uri.address);
  if (snapshot === undefined) return files;
  const digest = datasetDigest(files);
  if (hexOf(digest) === snapshot) return files;
  const rule = `its files have the digest ${digest}; expected that of its name: it was changed, or is a snapshot of another model`;
  throw new DataError(uri.address, undefined, rule);
}

/** Opens the folder that an address is of, or is in. */
function placeOf({ address, only, sha256: sum }: DatasetUri, options: AcquireOptions): DataPlace {
  const of = { only, sha256: sum };
  if (/^https?:/.test(address)) {
    return { folder: createWebFolder(address, only !== undefined, options), ...of };
  }
  const folder = only === undefined ? address : address.slice(0, address.lastIndexOf("/"));
  if (!address.startsWith("s3:")) return { folder: createFileFolder(folder), ...of };
  return { folder: createBucketFolder(openArtifactStore(folder, options.variables)), ...of };
}

function alternatives({ datasets, format }: ModelDefinition, dataset: string): string {
  const names = [...format.files.map(({ name }) => name), format.others?.description ?? []].flat();
  const local = Object.entries(datasets).filter(
    ([name, { remote }]) => name !== dataset && !remote,
  );
  const others = local.map(([name, { description }]) => `, or use ${name} (${description})`);
  return `Put the files ${names.join(", ")} into a folder and name it as file:///<folder>${others.join("")}.`;
}
