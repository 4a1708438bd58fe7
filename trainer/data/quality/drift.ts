import type { InputBaseline } from "@updraft/contracts/card";
import { populationStability } from "@updraft/contracts/distribution-distance";
import type { Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import { valueName } from "./defective-rows.ts";
import { column, countsIn, type Statistics } from "../../packaging/baseline.ts";

/** How far one thing is from what it was. */
export interface Drift {
  /** What: the input, one of its values, or the labels. */
  readonly of: string;
  /** Population stability index, 0 or more. */
  readonly psi: number;
}

/**
 * How far training examples are from those that a baseline describes: inputs, labels, and each
 * value of an input that is a row of numbers. What the baseline does not have is left out.
 */
export function driftFrom(
  baseline: Readonly<Record<string, InputBaseline>>,
  { inputs, labels, count }: Examples,
  { input, output, format }: Pick<ModelDefinition, "input" | "output" | "format">,
): Drift[] {
  const before = baseline[input.name];
  const labelled = baseline[output.name];
  const width = inputs.length / count;
  // With another number of values or classes it is another thing, and not a change of the same.
  const features = before?.features?.length === width ? before.features : [];
  const classes = output.labels?.length;
  const isComparable =
    labelled && (classes === undefined || labelled.histogram.shares.length === classes);
  return [
    ...(before ? [{ of: input.name, psi: change(before, inputs) }] : []),
    ...features.map((feature, at) => ({
      of: valueName(format, at),
      psi: change(feature, column(inputs, count, at)),
    })),
    ...(isComparable ? [{ of: "the labels", psi: change(labelled, labels) }] : []),
  ];
}

/** Between the ends of the earlier histogram; what is outside now is in bins of its own. */
function change({ histogram }: Statistics, values: Examples["inputs"] | Examples["labels"]) {
  const { min, max, shares } = histogram;
  const counts = countsIn(values, { min, max, count: shares.length });
  return populationStability(
    [0, ...shares, 0],
    counts.map((count) => count / values.length),
    values.length,
  );
}
