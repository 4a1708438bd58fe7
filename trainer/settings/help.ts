import type { ModelDefinition } from "@updraft/models/model-definition";
import {
  hyperparameterOptions,
  outcomeOptions,
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
  npm run trainer -- plan [flags]      what train would do, as JSON, without doing it
  npm run trainer -- sweep [flags]     trials one after another -> the best one -> gate -> release
  npm run trainer -- trial [flags]     one trial of a sweep, whose best one train then releases
  npm run trainer -- promote [flags]   release of another stack -> test and gate here -> release
  npm run trainer -- rollback [flags]  an earlier version -> release

Models
  ${models.join(", ")}; this is the help for --model ${name}, which ${definition.description}

Datasets of ${name}
${table([
  ...Object.entries(datasets).map(([key, source]) => [
    key,
    source.description + (key === defaults.dataset ? " (default)" : ""),
  ]),
  ["file:///<folder>", definition.format.files.map(folderEntry).join(", ")],
])}

Settings, each as a flag or as a variable; flags win
${table(trainingOptions.map(optionRow))}

Sweeps
${table(sweepOptions.map(optionRow))}

Promotions and rollbacks
${table(promotionOptions.map(optionRow))}

Outcome
${table(outcomeOptions.map(optionRow))}

Hyperparameters of ${name}
${table(hyperparameterOptions(definition).map(optionRow))}

Gate of ${name}, if none is given
  ${JSON.stringify(defaults.gate)}

Exit codes
  0 released, 1 failed or cancelled, 2 bad settings, 3 data rejected, 4 gate failed

Examples
  npm run trainer -- train --epochs 3
  npm run trainer -- train --dataset file:///data/digits --gate '{"minAccuracy": 0.98}'
  npm run trainer -- sweep --sweep '{"strategy": "grid", "parameters": {"units": [64, 128]}}'

More, also on sweeps, on promotions and on running in a pod: docs/training.md
`;
}

function folderEntry(file: { readonly name: string; readonly required: boolean }): string {
  return file.required ? file.name : `${file.name} (optional)`;
}

function optionRow(option: Option): string[] {
  const preset = option.default === undefined ? "" : ` (default: ${option.default})`;
  return [
    option.flag === undefined ? "" : `--${option.flag} <${option.placeholder}>`,
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
