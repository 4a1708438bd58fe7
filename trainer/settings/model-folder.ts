import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModelDefinition } from "@updraft/models/model-definition";

/** The folder with one folder for each model. */
export const modelsFolder = dirname(
  fileURLToPath(import.meta.resolve("@updraft/models/model-definition")),
);

/** The names of the models there are: a folder with a `model.ts` is one. */
export async function modelNames(folder: string = modelsFolder): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "model.ts")))
    .map((entry) => entry.name)
    .toSorted();
}

/** Imports a model's definition, or says that there is none of this name and which there are. */
export async function findModel(
  name: string,
): Promise<{ readonly definition: ModelDefinition } | { readonly problem: string }> {
  const names = await modelNames();
  if (!names.includes(name)) {
    return { problem: `${name}: there is no such model; there are ${names.join(", ")}` };
  }
  const imported: { model?: ModelDefinition } = await import(`@updraft/models/${name}`);
  if (imported.model?.name !== name) {
    return {
      problem: `${name}: models/${name}/model.ts must export a "model" with the name "${name}"`,
    };
  }
  return { definition: imported.model };
}
