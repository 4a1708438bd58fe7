import type { ImportedFrom } from "@updraft/contracts/card";
import { networkFormat } from "@updraft/contracts/model-package";
import type { Release } from "@updraft/contracts/release";
import type { Examples } from "@updraft/models/dataset";
import { foreignModel, type ForeignModel } from "../importing/foreign-model.ts";
import { answerMisfit, declaredMisfit } from "../importing/misfit.ts";
import { readForeign } from "../importing/read-foreign.ts";
import { deserialize, type SerializedNetwork } from "../packaging/serialize.ts";
import { SettingsError, type Settings } from "../settings/settings.ts";
import { inRun, openPlace, type Surroundings } from "./in-run.ts";
import { releasePackage } from "./release-package.ts";
import { dataInRun } from "./run-data.ts";
import { originOf, paramsOf } from "./steps.ts";

/**
 * Takes a model that was trained elsewhere through test, gate and registration, as if it had been
 * trained here.
 * @throws {SettingsError} if there is no model to import
 * @throws {RunFailedError} with the reason, once there is a run, which is closed with it
 */
export async function importModel(
  settings: Settings,
  surroundings: Surroundings,
): Promise<Release> {
  const foreign = await modelIn(settings);
  const place = await openPlace(settings, surroundings);
  const importedFrom = `${foreign.name} ${foreign.digest}`;
  const { dataset, seed, python } = settings;
  const params = paramsOf({ dataset, seed, importedFrom });
  return inRun(settings, place, { params }, async (work) => {
    work.say(`${foreign.format} ${importedFrom}`);
    const network = await readForeign(foreign, { python, signal: work.signal });
    const data = await dataInRun(settings, work);
    await checkFit(network, settings, data.splits.test, foreign);
    const { lineage, baseline } = originOf(settings, data, work);
    const origin = {
      baseline,
      lineage: { ...lineage, hyperparameters: {}, importedFrom: importOf(foreign, network) },
    };
    const from = `imported from ${foreign.name}`;
    return releasePackage(settings, data, { network, origin, from }, work);
  });
}

/** @throws {SettingsError} if none is named, or there is none */
async function modelIn({ importFrom }: Settings): Promise<ForeignModel> {
  if (importFrom === undefined) {
    throw new SettingsError([
      "--from is not set: name the model to import, such as --from exported/model.keras",
    ]);
  }
  try {
    return await foreignModel(importFrom);
  } catch (error) {
    throw new SettingsError([`--from ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** @throws if the network takes or gives something else than the model */
async function checkFit(
  content: SerializedNetwork,
  { definition }: Settings,
  test: Examples,
  { name }: ForeignModel,
): Promise<void> {
  const network = await deserialize(content);
  try {
    const problem =
      declaredMisfit(network, definition) ?? (await answerMisfit(network, definition, test));
    if (problem !== undefined) {
      throw new Error(`${name} cannot be imported as ${definition.name}: ${problem}`);
    }
  } finally {
    network.dispose();
  }
}

function importOf(
  { format, name, digest }: ForeignModel,
  network: SerializedNetwork,
): ImportedFrom {
  return { format: format === "tfjs" ? `tfjs-${networkFormat(network)}` : format, name, digest };
}
