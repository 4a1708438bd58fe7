import { GateRules } from "@updraft/contracts/gate";
import { rulesFor } from "@updraft/contracts/rule-facts";
import type { ModelDefinition } from "@updraft/models/model-definition";
import { qualityLimits, QualityRules, type QualityRule } from "@updraft/models/quality";
import { datasetUriForms } from "../data/dataset-uri.ts";
import { commands, type Command, type CommandName } from "./commands.ts";
import { generalOptions, hyperparameterOptions, type Option } from "./options.ts";

const program = "npm run trainer --";
const exitCodeLine =
  "0 released, 1 failed or cancelled, 2 bad settings, 3 data rejected, 4 gate failed";

/** The help of the command line: what there is, and where to go on. */
export function helpText(
  { name, description }: Pick<ModelDefinition, "name" | "description">,
  models: readonly string[],
): string {
  return `Trains a model, judges it on data that it has not seen, and says whether it may serve.

Usage
  ${program} <command> [flags]

Commands
${table(Object.entries(commands).map(([command, { summary }]) => [command, summary]))}

  ${program} <command> --help lists what a command takes.

To begin with
${table([
  [`${program} train`, `train ${name}, which ${description}`],
  [`${program} train --epochs 3`, "shorter"],
  [`${program} evaluate --package champion`, "look again at what serves"],
  [`${program} dataset`, "look at the data only"],
])}

Without a tracker (--tracker) and a store (--store) everything is kept in .updraft/trainer.

Models
  ${models.join(", ")}; --model says which, and ${name} is the one if nothing does

Settings
  Each is a flag (--epochs 3) or a variable (TRAINER_EPOCHS=3); flags win.
  --json prints what came of it as the last line, as JSON.

Exit codes
  ${exitCodeLine}

More: docs/training.md; on measures and rules docs/evaluation.md; on data docs/data.md
`;
}

/** The help of one command, for one model. */
export function commandHelp(
  command: CommandName,
  definition: ModelDefinition,
  models: readonly string[],
): string {
  const { summary, settings, about, examples }: Command = commands[command];
  const groups = settings.map(([title, keys]) => section(title, entries(rowsOf(keys))));
  const sections = about.map((subject) => sectionsAbout[subject](definition));
  return `${command}: ${summary}

Usage
  ${program} ${command} [flags]

Examples
${entries(examples.map(([line, purpose]) => [`${program} ${line}`, purpose]))}

Models
  ${models.join(", ")}; this is the help for --model ${definition.name}, which ${definition.description}

${[...groups, ...sections].join("\n\n")}

Exit codes
  ${exitCodeLine}
`;
}

const sectionsAbout: Readonly<
  Record<Command["about"][number], (definition: ModelDefinition) => string>
> = {
  datasets: (definition) =>
    section(`Datasets of ${definition.name}`, table(datasetRows(definition))),
  hyperparameters: (definition) =>
    section(
      `Hyperparameters of ${definition.name}`,
      entries(hyperparameterOptions(definition).map(optionEntry)),
    ),
  gate: (definition) =>
    section(
      `Rules of the gate, as in --gate '${JSON.stringify(definition.defaults.gate)}', which is that of ${definition.name}`,
      entries(gateRows(definition)),
    ),
  quality: (definition) =>
    section(
      `Checks of the data (--quality), with the limits of ${definition.name}`,
      entries(qualityRows(definition)),
    ),
};

function section(title: string, body: string): string {
  return `${title}\n${body}`;
}

function rowsOf(keys: readonly string[]): Entry[] {
  return keys.flatMap((key) => generalOptions.filter((one) => one.key === key).map(optionEntry));
}

function datasetRows({ datasets, defaults, format }: ModelDefinition): string[][] {
  return [
    ...Object.entries(datasets).map(([key, source]) => [
      key,
      source.description + (key === defaults.dataset ? " (default)" : ""),
    ]),
    ...datasetUriForms.map((form, index) => [
      form,
      index === 0 ? folderEntries(format) : "the same, elsewhere",
    ]),
  ];
}

function folderEntries({ files, others }: ModelDefinition["format"]): string {
  return [...files.map(folderEntry), ...(others ? [others.description] : [])].join(", ");
}

function folderEntry(file: { readonly name: string; readonly required: boolean }): string {
  return file.required ? file.name : `${file.name} (optional)`;
}

function gateRows({ output }: ModelDefinition): Entry[] {
  const rules = rulesFor(output.labels ? "classification" : "regression");
  return [...rules, "decideOn" as const].map((rule) => [
    rule,
    GateRules.shape[rule].description ?? "",
  ]);
}

function qualityRows({ quality }: ModelDefinition): Entry[] {
  return Object.entries(qualityLimits(quality)).map(([check, limits]) => [
    `${check} ${JSON.stringify(limits)}`,
    QualityRules.shape[check as QualityRule].description ?? "",
  ]);
}

function placeholderOf({ as, placeholder }: Option): string {
  return as === "switch" ? "" : `<${placeholder}>`;
}

function optionEntry(option: Option): Entry {
  const preset = option.default === undefined ? "" : ` (default: ${option.default})`;
  const flag = option.flag === undefined ? "" : `--${option.flag} ${placeholderOf(option)}`;
  return [
    [flag.trimEnd(), option.variable].filter((name) => name !== "").join("  "),
    `${option.description}${preset}`,
  ];
}

/** What is described, and its description. */
type Entry = readonly [name: string, description: string];

/** As many characters as a line of a terminal may have. */
const lineLength = 96;

/** Each with its description in lines below it. */
function entries(all: readonly Entry[]): string {
  return all.flatMap(([name, description]) => [`  ${name}`, ...wrapped(description)]).join("\n");
}

function wrapped(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + 1 + word.length > lineLength - 6) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line) => `      ${line}`);
}

function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`)
    .map((line) => line.trimEnd())
    .join("\n");
}
