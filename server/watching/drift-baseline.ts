import type { Card } from "@updraft/contracts/card";
import { instanceLength, type TensorSpec } from "@updraft/contracts/signature";
import type { DriftBaseline } from "./drift-window.ts";
import { classesOf } from "./predicted-classes.ts";

/** A model's package, as far as drift needs it. */
interface Described {
  readonly content: { readonly card: Pick<Card, "baseline"> };
  readonly input: TensorSpec;
  readonly output: TensorSpec;
}

/**
 * What a package says of its training data, as far as it fits what the model takes and gives.
 * @returns nothing if it says nothing
 */
export function driftBaseline({ content, input, output }: Described): DriftBaseline | undefined {
  const { baseline } = content.card;
  const inputs = baseline[input.name];
  const labels = baseline[output.name];
  const width = instanceLength(input);
  const features = inputs?.features?.length === width ? inputs.features : [];
  const classes = classesOf(output);
  const isComparable = !classes || labels?.histogram.shares.length === classes.length;
  if (!inputs && !(labels && isComparable)) return undefined;
  return {
    input: inputs && { name: input.name, histogram: inputs.histogram },
    features: features.map(({ histogram }, at) => ({
      name: input.features?.[at] ?? `${input.name}[${at}]`,
      histogram,
    })),
    predictions:
      labels && isComparable ? { name: output.name, histogram: labels.histogram } : undefined,
  };
}
