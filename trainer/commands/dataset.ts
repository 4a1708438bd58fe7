import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { hexOf } from "@updraft/contracts/digest";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { prepareData } from "../data/prepare.ts";
import { qualityFiles } from "../data/quality/quality-files.ts";
import {
  DataRejectedError,
  findings,
  qualityTable,
  type QualityReport,
} from "../data/quality/report.ts";
import type { Settings } from "../settings/settings.ts";
import { openTracking } from "../tracking/open-tracking.ts";
import { downloadOptions, type Surroundings } from "./in-run.ts";

/**
 * Gets a dataset and checks it as a training would, without training: keeps a snapshot of it, and
 * the report on it, which is kept also of data that is rejected.
 * @throws {DataRejectedError}
 */
export async function dataset(settings: Settings, surroundings: Surroundings): Promise<void> {
  const { storeUri, trackingUri, outagePatience } = settings;
  const store = openArtifactStore(storeUri);
  const tracking = openTracking({ trackingUri, outagePatience, store, ...surroundings });
  try {
    const place = { store, tracking };
    const { quality, snapshot } = await prepareData(settings, place, downloadOptions(surroundings));
    await tell(quality, settings, store, surroundings);
    surroundings.say(`snapshot ${snapshot.uri}`);
    if (settings.json) surroundings.say(JSON.stringify(quality));
  } catch (error) {
    if (error instanceof DataRejectedError) {
      await tell(error.report, settings, store, surroundings);
      if (settings.json) surroundings.say(JSON.stringify(error.report));
    }
    throw error;
  }
}

async function tell(
  report: QualityReport,
  { definition, out }: Settings,
  store: ArtifactStore,
  { say }: Surroundings,
): Promise<void> {
  const { training, validation, test } = report.examples;
  const counts = [training, validation, test].map((count) => count.toLocaleString("en-US"));
  say(`data ${report.dataset}: ${counts.join(" + ")} examples, ${report.digest}`);
  say(qualityTable(report));
  for (const line of findings(report, ["warned"])) say(line);
  const folder = `datasets/reports/${hexOf(report.digest)}`;
  const files = await qualityFiles(report, `${folder}/${definition.name}`);
  for (const [path, content] of Object.entries(files)) {
    await store.write(path, content);
    say(`report ${store.uriOf(path)}`);
  }
  if (out === undefined) return;
  await mkdir(out, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const file = join(out, path.slice(path.lastIndexOf("/") + 1));
    await writeFile(file, content);
    say(`report ${pathToFileURL(file).href}`);
  }
}
