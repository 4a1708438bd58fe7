import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import type { Settings } from "../settings/settings.ts";
import { acquireDataset } from "./acquire.ts";
import type { DownloadOptions } from "./download.ts";
import { snapshotDataset, type Snapshot } from "./snapshot.ts";
import { splitDataset, type Splits } from "./split.ts";
import { validateDataset } from "./validate.ts";

/** A dataset that can be trained on, and the copy that is kept of it. */
export interface PreparedData {
  readonly splits: Splits;
  readonly snapshot: Snapshot;
}

/**
 * From the name of a dataset to its splits: gets the files, parses and checks them, keeps the
 * exact bytes, splits.
 * @throws {DataError} if the data cannot be trained on; nothing is kept of it then
 */
export async function prepareData(
  { definition, dataset, seed }: Pick<Settings, "definition" | "dataset" | "seed">,
  store: ArtifactStore,
  download: DownloadOptions,
): Promise<PreparedData> {
  const files = await acquireDataset(definition, dataset, download);
  const parsed = await definition.format.parse(files);
  validateDataset(parsed, definition, dataset);
  const snapshot = await snapshotDataset(store, files);
  return { splits: splitDataset(parsed, definition.split, seed), snapshot };
}
