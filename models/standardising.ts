import * as tf from "@tensorflow/tfjs";
import type { TrainingExamples } from "./model-definition.ts";

/** Mean and standard deviation of each value of a row. */
interface Moments {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/**
 * A layer that moves and scales each value of `[n, width]` so that over the training split its mean
 * is 0 and its standard deviation 1; what has the same value everywhere becomes 0. It is inside the
 * network, so whoever serves it knows nothing of it: a dense layer with a diagonal kernel, which
 * training leaves alone and every loader of tfjs reads.
 * @param train without it, values pass as they are
 */
export function standardising(width: number, train?: TrainingExamples): tf.layers.Layer {
  const { means, deviations } = momentsOf(train?.inputs, width);
  const scales = deviations.map((deviation) => 1 / deviation);
  return fixedLayer(
    "standardising",
    scales,
    (index) => 0 - (means[index] ?? 0) * (scales[index] ?? 1),
  );
}

/**
 * The other way for the answers of a regressor, as its last layer: what comes with mean 0 and
 * standard deviation 1 gets those of the training split's labels.
 * @param train without it, values pass as they are
 */
export function restoring(width: number, train?: TrainingExamples): tf.layers.Layer {
  const { means, deviations } = momentsOf(train?.labels, width);
  return fixedLayer("restoring", deviations, (index) => means[index] ?? 0);
}

/** A layer that gives `scale * value + offset` for each value of a row. */
function fixedLayer(
  name: string,
  scales: Float64Array,
  offsetOf: (index: number) => number,
): tf.layers.Layer {
  const width = scales.length;
  const kernel = new Float32Array(width * width);
  for (const [index, scale] of scales.entries()) kernel[index * width + index] = scale;
  const bias = Float32Array.from({ length: width }, (_, index) => offsetOf(index));
  return tf.layers.dense({
    name,
    units: width,
    trainable: false,
    weights: [tf.tensor2d(kernel, [width, width]), tf.tensor1d(bias)],
  });
}

/** @param values row by row; where there are none, each has the mean 0 and the deviation 1 */
function momentsOf(values: ArrayLike<number> = [], width: number): Moments {
  const rows = values.length / width;
  const columnOf = (column: number) =>
    Float64Array.from({ length: rows }, (_, row) => values[row * width + column] ?? 0);
  const columns = Array.from({ length: width }, (_, column) => columnOf(column));
  const means = Float64Array.from(columns, (column) => meanOf(column));
  const deviations = Float64Array.from(columns, (column, index) => {
    const mean = means[index] ?? 0;
    return Math.sqrt(meanOf(column.map((value) => (value - mean) ** 2))) || 1;
  });
  return { means, deviations };
}

function meanOf(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
