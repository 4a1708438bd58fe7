import type { ModelDefinition } from "@updraft/models/model-definition";
import { qualityLimits, QualityRules, type QualityRule } from "@updraft/models/quality";
import { datasetUriForms } from "../data/dataset-uri.ts";
import {
  hyperparameterOptions,
  importOptions,
  outcomeOptions,
  durabilityOptions,
  promotionOptions,
  sweepOptions,
  trainingOptions,
  type Option,
} from "./options.ts";

/** The help of the command line, for one model. */
export function helpText(definition: ModelDefinition, models: readonly string[]): string {
  const { name, datasets, defaults } = definition;
  return `Trains a model and says whether it may serve.

Usage
  npm run trainer -- train [flags]     dataset -> training -> gate -> release
  npm run trainer -- dataset [flags]   dataset -> checks -> report and snapshot, without training
  npm run trainer -- plan [flags]      what train would do, as JSON, without doing it
  npm run trainer -- sweep [flags]     trials one after another -> the best one -> gate -> release
  npm run trainer -- trial [flags]     one trial of a sweep, whose best one train then releases
  npm run trainer -- promote [flags]   release of another stack -> test and gate here -> release
  npm run trainer -- rollback [flags]  an earlier version -> release
  npm run trainer -- import [flags]    model trained elsewhere -> test and gate -> release

Models
  ${models.join(", ")}; this is the help for --model ${name}, which ${definition.description}

Datasets of ${name}
${table([
  ...Object.entries(datasets).map(([key, source]) => [
    key,
    source.description + (key === defaults.dataset ? " (default)" : ""),
  ]),
  ...datasetUriForms.map((form, index) => [
    form,
    index === 0 ? folderEntries(definition.format) : "the same, elsewhere",
  ]),
])}

Settings, each as a flag or as a variable; flags win
${table(trainingOptions.map(optionRow))}

Interruptions and beginnings
${table(durabilityOptions.map(optionRow))}

Sweeps
${table(sweepOptions.map(optionRow))}

Promotions and rollbacks
${table(promotionOptions.map(optionRow))}

Imports
${table(importOptions.map(optionRow))}

Outcome
${table(outcomeOptions.map(optionRow))}

${modelSections(definition)}
Exit codes
  0 released, 1 failed or cancelled, 2 bad settings, 3 data rejected, 4 gate failed

Examples
  npm run trainer -- train --epochs 3
  npm run trainer -- dataset --dataset file:///data/digits --quality '{"drift": {"fail": 2}}'
  npm run trainer -- train --dataset file:///data/digits --gate '{"minAccuracy": 0.98}'
  npm run trainer -- sweep --sweep '{"strategy": "grid", "parameters": {"units": [64, 128]}}'

More, also on sweeps, on promotions and on running in a pod: docs/training.md; on data: docs/data.md
`;
}

function modelSections(definition: ModelDefinition): string {
  const { name, defaults } = definition;
  return `Hyperparameters of ${name}
${table(hyperparameterOptions(definition).map(optionRow))}

Gate of ${name}, if none is given
  ${JSON.stringify(defaults.gate)}

Checks of the data, with the limits of ${name}
${table(qualityRows(definition))}
`;
}

function folderEntries({ files, others }: ModelDefinition["format"]): string {
  return [...files.map(folderEntry), ...(others ? [others.description] : [])].join(", ");
}

function folderEntry(file: { readonly name: string; readonly required: boolean }): string {
  return file.required ? file.name : `${file.name} (optional)`;
}

function placeholderOf({ as, placeholder }: Option): string {
  return as === "switch" ? "" : `<${placeholder}>`;
}

function qualityRows({ quality }: ModelDefinition): string[][] {
  return Object.entries(qualityLimits(quality)).map(([check, limits]) => [
    check,
    JSON.stringify(limits),
    QualityRules.shape[check as QualityRule].description ?? "",
  ]);
}

function optionRow(option: Option): string[] {
  const preset = option.default === undefined ? "" : ` (default: ${option.default})`;
  return [
    option.flag === undefined ? "" : `--${option.flag} ${placeholderOf(option)}`.trimEnd(),
    option.variable,
    `${option.description}${preset}`,
  ];
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
