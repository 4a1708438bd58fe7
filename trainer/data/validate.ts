import { instanceLength } from "@updraft/contracts/signature";
import { classified, DataError, type Dataset, type Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";

/** Fewest examples of a class that can be split: one for each part. */
const fewestToSplit = 3;

/**
 * Checks what no format can know alone: that the examples fit the model, and that every class can
 * be learnt and judged.
 * @param name of the dataset, for messages
 * @throws {DataError} for the first rule that is broken
 */
export function validateDataset(dataset: Dataset, definition: ModelDefinition, name: string): void {
  const { train, test } = dataset;
  checkValues(train, definition, `${name}, training examples`);
  if (test) checkValues(test, definition, `${name}, test examples`);
  const classes = definition.output.labels;
  if (!classes) return;
  checkClasses(classified(train), classes, `${name}, training examples`, fewestToSplit);
  if (test) checkClasses(classified(test), classes, `${name}, test examples`, 1);
}

function checkValues(examples: Examples, { input }: ModelDefinition, where: string): void {
  const width = instanceLength(input);
  if (examples.inputs.length !== examples.count * width) {
    throw new DataError(
      where,
      undefined,
      `${examples.inputs.length} values for ${examples.count} examples; expected ${width} for each`,
    );
  }
  const { min, max } = input.range ?? { min: -Infinity, max: Infinity };
  if (examples.inputs instanceof Uint8Array && min <= 0 && max >= 255) return;
  const isSound = (value: number) => Number.isFinite(value) && value >= min && value <= max;
  const wrong = firstWrong(examples.inputs, isSound);
  if (wrong < 0) return;
  throw new DataError(
    where,
    undefined,
    `value ${wrong % width} of example ${Math.floor(wrong / width)} is ${examples.inputs[wrong]}; expected a number from ${min} to ${max}`,
  );
}

function firstWrong(values: Examples["inputs"], isSound: (value: number) => boolean): number {
  return values instanceof Uint8Array
    ? values.findIndex((value) => !isSound(value))
    : values.findIndex((value) => !isSound(value));
}

function checkClasses(
  { labels }: Examples<Int32Array>,
  names: readonly string[],
  where: string,
  fewest: number,
): void {
  const counts = names.map(() => 0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  const short = counts.findIndex((count) => count < fewest);
  if (short < 0) return;
  throw new DataError(
    where,
    undefined,
    `class "${names[short]}" has ${counts[short]} examples; expected at least ${fewest}`,
  );
}
