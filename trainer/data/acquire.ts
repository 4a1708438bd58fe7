import type { DatasetFile } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import { dataFolderFingerprint, readDataFolder } from "./data-folder.ts";
import { download, DownloadError, type DownloadOptions } from "./download.ts";

/**
 * Gets the files of a dataset, from wherever it is.
 * @param dataset a name that the model knows, or `file:///<folder>`
 * @throws {DataError} if a file is missing or broken
 */
export async function acquireDataset(
  definition: ModelDefinition,
  dataset: string,
  options: DownloadOptions,
): Promise<DatasetFile[]> {
  const source = definition.datasets[dataset];
  if (!source) return readDataFolder(dataset, definition.format);
  try {
    return await source.read({
      async download(files) {
        const got: DatasetFile[] = [];
        for (const file of files) got.push(await download(file, options));
        return got;
      },
    });
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new Error(`${error.message}\n${alternatives(definition, dataset)}`, { cause: error });
  }
}

/**
 * Names the content of a dataset without training on it, and without the network.
 * @throws {DataError} if a file of a folder is missing
 */
export async function datasetFingerprint(
  definition: ModelDefinition,
  dataset: string,
): Promise<string> {
  const source = definition.datasets[dataset];
  return source ? source.fingerprint() : dataFolderFingerprint(dataset, definition.format);
}

function alternatives({ datasets, format }: ModelDefinition, dataset: string): string {
  const names = format.files.map(({ name }) => name).join(", ");
  const local = Object.entries(datasets).filter(
    ([name, { remote }]) => name !== dataset && !remote,
  );
  const others = local.map(([name, { description }]) => `, or use ${name} (${description})`);
  return `Put the files ${names} into a folder and name it as file:///<folder>${others.join("")}.`;
}
