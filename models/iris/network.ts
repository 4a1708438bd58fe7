import * as tf from "@tensorflow/tfjs";
import type { TrainingExamples } from "../model-definition.ts";
import { standardising } from "../standardising.ts";
import type { IrisHyperparameters } from "./model.ts";

/** From measurements `[n, 4]`, float32 in centimetres, to probabilities `[n, 3]`. */
export function createNetwork(
  { units, dropout }: IrisHyperparameters,
  seed: number,
  train?: TrainingExamples,
): tf.LayersModel {
  const initializer = (offset: number) => tf.initializers.heNormal({ seed: seed + offset });
  return tf.sequential({
    name: "iris",
    layers: [
      tf.layers.inputLayer({ inputShape: [4], name: "measurements" }),
      standardising(4, train),
      tf.layers.dense({ units, kernelInitializer: initializer(1), name: "dense" }),
      tf.layers.reLU({ name: "relu" }),
      ...(dropout > 0 ? [tf.layers.dropout({ rate: dropout, seed, name: "dropout" })] : []),
      tf.layers.dense({ units: 3, kernelInitializer: initializer(2), name: "logits" }),
      tf.layers.softmax({ axis: -1, name: "probabilities" }),
    ],
  });
}
