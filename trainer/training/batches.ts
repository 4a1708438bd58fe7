import type { Examples, Labels } from "@updraft/models/dataset";
import type { InputValues } from "@updraft/models/model-definition";

/** What one step of the optimizer sees. */
export interface Batch {
  readonly count: number;
  /** One input after another, row-major. */
  readonly inputs: Float32Array;
  /** Indexes of classes, `[n]`, or values, `[n, outputs]`. */
  readonly labels: Labels;
}

/** Writes what the network shall see of an example's input to `target`. */
export type Prepare = (source: InputValues, target: Float32Array) => void;

/** How many steps an epoch has: examples that do not fill a batch wait for the next epoch. */
export function stepsPerEpoch(count: number, batchSize: number): number {
  return Math.max(1, Math.floor(count / batchSize));
}

/** The batches of one epoch, made one at a time, in the given order of the examples. */
export function* batches(
  examples: Examples,
  order: Int32Array,
  batchSize: number,
  prepare: Prepare,
): Generator<Batch, void> {
  const width = examples.inputs.length / examples.count;
  for (let step = 0; step < stepsPerEpoch(examples.count, batchSize); step += 1) {
    const indexes = order.subarray(step * batchSize, (step + 1) * batchSize);
    const inputs = new Float32Array(indexes.length * width);
    for (const [position, index] of indexes.entries()) {
      prepare(
        examples.inputs.subarray(index * width, (index + 1) * width),
        inputs.subarray(position * width, (position + 1) * width),
      );
    }
    yield { count: indexes.length, inputs, labels: labelsOf(examples, indexes) };
  }
}

function labelsOf({ labels, count }: Examples, indexes: Int32Array): Labels {
  if (labels instanceof Int32Array) return Int32Array.from(indexes, (index) => labels[index] ?? 0);
  const outputs = labels.length / count;
  const values = new Float32Array(indexes.length * outputs);
  for (const [position, index] of indexes.entries()) {
    values.set(labels.subarray(index * outputs, (index + 1) * outputs), position * outputs);
  }
  return values;
}
