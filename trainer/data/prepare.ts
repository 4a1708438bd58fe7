import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import type { Digest } from "@updraft/contracts/digest";
import type { DatasetFile } from "@updraft/models/dataset";
import type { Settings } from "../settings/settings.ts";
import type { ModelRegistry } from "../tracking/tracking.ts";
import { acquireDataset, type AcquireOptions } from "./acquire.ts";
import { championData } from "./quality/champion-data.ts";
import { checkQuality } from "./quality/check-quality.ts";
import { DataRejectedError, type QualityReport } from "./quality/report.ts";
import { datasetDigest, snapshotDataset, type Snapshot } from "./snapshot.ts";
import type { Splits } from "./split.ts";

/** A dataset that can be trained on, and the copy that is kept of it. */
export interface PreparedData {
  readonly splits: Splits;
  readonly snapshot: Snapshot;
  /** What was found out about it; nothing in it has failed. */
  readonly quality: QualityReport;
}

/** Where the copy is kept, and who knows the champion. */
interface Keeper {
  readonly store: ArtifactStore;
  readonly tracking: { readonly registry: Pick<ModelRegistry, "versionOf"> };
}

/** A dataset that can be trained on; nothing is kept of it. */
export interface CheckedData extends Pick<PreparedData, "splits" | "quality"> {
  readonly files: readonly DatasetFile[];
  readonly digest: Digest;
}

/**
 * From the name of a dataset to its splits: gets the files, parses and checks them, keeps the
 * exact bytes, splits.
 * @throws {DataError} if the data cannot be read; nothing is kept of it then
 * @throws {DataRejectedError} if it must not be trained on; nothing is kept of it either
 */
export async function prepareData(
  settings: Pick<Settings, "definition" | "dataset" | "seed" | "quality">,
  { store, tracking }: Keeper,
  download: AcquireOptions,
): Promise<PreparedData> {
  const { files, splits, quality } = await checkedData(settings, tracking, download);
  return { splits, snapshot: await snapshotDataset(store, files), quality };
}

/** The same, without keeping anything. */
export async function checkedData(
  settings: Pick<Settings, "definition" | "dataset" | "seed" | "quality">,
  { registry }: Keeper["tracking"],
  download: AcquireOptions,
): Promise<CheckedData> {
  const { definition, dataset: name, seed, quality: rules } = settings;
  const [files, champion] = await Promise.all([
    acquireDataset(definition, name, download),
    championData(registry, definition.name),
  ]);
  const dataset = await definition.format.parse(files);
  const digest = datasetDigest(files);
  const { report, splits } = checkQuality(
    { dataset, name, seed, digest },
    definition,
    rules,
    champion,
  );
  if (!splits) throw new DataRejectedError(report);
  return { files, digest, splits, quality: report };
}
