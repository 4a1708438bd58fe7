import * as tf from "@tensorflow/tfjs";
import type { InputValues, Random } from "../model-definition.ts";
import { distort } from "./distort.ts";
import { imageSize } from "./idx-files.ts";
import type { DigitsHyperparameters } from "./model.ts";

/**
 * Two convolutions and a dense layer, from images `[n, 28, 28, 1]`, float32 in [0, 255], to
 * probabilities `[n, 10]`. Pooling comes before ReLU: both are monotone, so the result is the
 * same, and ReLU then sees a quarter of the values.
 */
export function createNetwork(
  { filters, units, dropout, batchNorm }: DigitsHyperparameters,
  seed: number,
): tf.LayersModel {
  const initializer = (offset: number) => tf.initializers.heNormal({ seed: seed + offset });
  const norm = (name: string) => (batchNorm ? [normalization(name)] : []);
  return tf.sequential({
    name: "digits",
    layers: [
      tf.layers.inputLayer({ inputShape: [...imageSize, 1], name: "image" }),
      tf.layers.rescaling({ scale: 1 / 255, offset: 0, name: "rescaling" }),
      convolution("convolution-1", filters, initializer(1)),
      tf.layers.maxPooling2d({ poolSize: 2, name: "pool-1" }),
      ...norm("norm-1"),
      tf.layers.reLU({ name: "relu-1" }),
      convolution("convolution-2", 2 * filters, initializer(2)),
      tf.layers.maxPooling2d({ poolSize: 2, name: "pool-2" }),
      ...norm("norm-2"),
      tf.layers.reLU({ name: "relu-2" }),
      tf.layers.flatten({ name: "flatten" }),
      tf.layers.dense({ units, kernelInitializer: initializer(3), name: "dense" }),
      ...norm("norm-3"),
      tf.layers.reLU({ name: "relu-3" }),
      ...(dropout > 0 ? [tf.layers.dropout({ rate: dropout, seed, name: "dropout" })] : []),
      tf.layers.dense({ units: 10, kernelInitializer: initializer(4), name: "logits" }),
      tf.layers.softmax({ axis: -1, name: "probabilities" }),
    ],
  });
}

/** Turns, moves, scales and bends a digit a little, as another hand would have drawn it. */
export function augment(
  source: InputValues,
  target: Float32Array,
  random: Random,
  { augmentation }: DigitsHyperparameters,
): void {
  distort(source, target, random, augmentation);
}

/** Its averages follow the batches fast enough for the first epoch's validation. */
function normalization(name: string) {
  return tf.layers.batchNormalization({ name, momentum: 0.9 });
}

function convolution(
  name: string,
  filters: number,
  kernelInitializer: ReturnType<typeof tf.initializers.heNormal>,
) {
  return tf.layers.conv2d({
    name,
    filters,
    kernelSize: 5,
    padding: "same",
    useBias: false,
    kernelInitializer,
  });
}
