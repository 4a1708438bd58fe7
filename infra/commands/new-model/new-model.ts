import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "@updraft/contracts/message-of";
import { describeTable, type TableDescription, type Task } from "./describe-table.ts";

/** What is asked for. */
export interface Wish extends Task {
  readonly name: string;
  /** The table, absolute. */
  readonly csv: string;
}

/** What was made. */
export interface NewModel extends TableDescription {
  /** Absolute. */
  readonly folder: string;
}

const templates = join(import.meta.dirname, "templates");

/**
 * Makes a model of a table: its folder with definition, network, test and a copy of the table.
 * @param modelsFolder the folder with one folder for each model
 * @throws if the name cannot be used or the table not be read; nothing is made then
 */
export async function newModel(wish: Wish, modelsFolder: string): Promise<NewModel> {
  const { name, csv } = wish;
  const folder = join(modelsFolder, name);
  const problem = nameProblem(name, modelsFolder);
  if (problem !== undefined) throw new Error(problem);
  const content = await readFile(csv, "utf8").catch((error: unknown) => {
    throw new Error(`--csv ${csv} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  const description = described(content, wish);
  const files = await filledTemplates(wish, description);
  await mkdir(folder);
  for (const [file, text] of [...files, [`${name}.csv`, content] as const]) {
    await writeFile(join(folder, file), text);
  }
  return { ...description, folder };
}

/** What is wrong with a name: of a folder, a registered model and a part of addresses. */
export function nameProblem(name: string, modelsFolder: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
    return `${name} is no name for a model; expected lower-case letters, digits and single dashes, a letter first, 40 at most`;
  }
  // A file of that name is what others import the model's definition by.
  const taken = [name, `${name}.ts`].find((entry) => existsSync(join(modelsFolder, entry)));
  return taken && `models/${taken} is there already; choose another name`;
}

function described(content: string, { csv, ...task }: Wish): TableDescription {
  try {
    return describeTable(content, task);
  } catch (error) {
    throw new Error(`--csv ${csv}: ${messageOf(error)}`, { cause: error });
  }
}

async function filledTemplates(
  { name, kind, label }: Wish,
  { features, labels, range, rows }: TableDescription,
): Promise<(readonly [string, string])[]> {
  const values: Readonly<Record<string, string>> = {
    name,
    label: withinQuotes(label),
    file: `${name}.csv`,
    count: features.length === 1 ? "one number" : `${features.length} numbers`,
    features: listText(features, "export const features = ;".length),
    labels: listText(labels, "export const labels = ;".length),
    range: `{ min: ${range.min}, max: ${range.max} }`,
    rows: String(rows),
  };
  const folder = join(templates, kind);
  const names = (await readdir(folder)).toSorted();
  return Promise.all(
    names.map(async (file) => {
      const template = await readFile(join(folder, file), "utf8");
      const text = template.replaceAll(/__([a-z]+)__/g, (_, key: string) => values[key] ?? "");
      return [file.replace(/\.template$/, ""), text] as const;
    }),
  );
}

/** Widest line of a source file. */
const lineWidth = 100;

/** A list of texts as the formatter writes it. */
function listText(texts: readonly string[], around: number): string {
  const quoted = texts.map((text) => `"${withinQuotes(text)}"`);
  const line = `[${quoted.join(", ")}]`;
  if (around + line.length <= lineWidth) return line;
  return `[\n${quoted.map((text) => `  ${text},\n`).join("")}]`;
}

function withinQuotes(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
