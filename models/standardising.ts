import * as tf from "@tensorflow/tfjs";
import type { TrainingInputs } from "./model-definition.ts";

/**
 * A layer that moves and scales each value of `[n, width]` so that over the training split its mean
 * is 0 and its standard deviation 1; what has the same value everywhere becomes 0. It is inside the
 * network, so whoever serves it knows nothing of it: a dense layer with a diagonal kernel, which
 * training leaves alone and every loader of tfjs reads.
 * @param train without it, values pass as they are
 */
export function standardising(width: number, train?: TrainingInputs): tf.layers.Layer {
  const { kernel, bias } = standardisation(width, train);
  return tf.layers.dense({
    name: "standardising",
    units: width,
    trainable: false,
    weights: [tf.tensor2d(kernel, [width, width]), tf.tensor1d(bias)],
  });
}

/** The weights of {@link standardising}: kernel `[width, width]`, row-major, and bias `[width]`. */
export function standardisation(
  width: number,
  train?: TrainingInputs,
): { readonly kernel: Float32Array; readonly bias: Float32Array } {
  const kernel = new Float32Array(width * width);
  const bias = new Float32Array(width);
  for (let column = 0; column < width; column += 1) {
    const { mean, deviation } = train ? momentsOf(train, width, column) : { mean: 0, deviation: 1 };
    const scale = deviation > 0 ? 1 / deviation : 1;
    kernel[column * width + column] = scale;
    bias[column] = 0 - mean * scale;
  }
  return { kernel, bias };
}

function momentsOf(
  { inputs, count }: TrainingInputs,
  width: number,
  column: number,
): { readonly mean: number; readonly deviation: number } {
  const values = Float64Array.from(
    { length: count },
    (_, row) => inputs[row * width + column] ?? 0,
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / count) };
}
