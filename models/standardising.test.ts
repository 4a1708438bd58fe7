import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { restoring, standardising } from "./standardising.ts";

const train = {
  count: 4,
  inputs: Float32Array.of(1, 7, 10, 3, 7, 10, 5, 7, 30, 7, 7, 30),
  labels: Float32Array.of(10, -1, 20, -1, 10, -1, 20, -1),
};

/** Kernel and bias of a layer, once it is in a network. */
function weightsOf(layer: tf.layers.Layer, width: number) {
  const network = tf.sequential({
    layers: [tf.layers.inputLayer({ inputShape: [width] }), layer],
  });
  expect(network.trainableWeights).toEqual([]);
  const [kernel, bias] = layer.getWeights();
  return { kernel: [...(kernel?.dataSync() ?? [])], bias: [...(bias?.dataSync() ?? [])] };
}

it("gives each value the mean 0 and the standard deviation 1 over the training split", () => {
  const deviation = Math.sqrt(5);
  expect(weightsOf(standardising(3, train), 3)).toEqual({
    kernel: [...Float32Array.of(1 / deviation, 0, 0, 0, 1, 0, 0, 0, 0.1)],
    bias: [...Float32Array.of(-4 / deviation, -7, -2)],
  });
});

it("gives answers the mean and the standard deviation of the training split's labels", () => {
  expect(weightsOf(restoring(2, train), 2)).toEqual({ kernel: [5, 0, 0, 1], bias: [15, -1] });
});

it("lets values pass where there is no training split", () => {
  const weights = { kernel: [1, 0, 0, 1], bias: [0, 0] };
  expect(weightsOf(standardising(2), 2)).toEqual(weights);
  expect(weightsOf(restoring(2), 2)).toEqual(weights);
});

it("answers for rows", () => {
  const network = tf.sequential({
    layers: [tf.layers.inputLayer({ inputShape: [3] }), standardising(3, train)],
  });
  const answers = network.predict(tf.tensor2d(train.inputs, [4, 3])) as tf.Tensor;
  const rows = answers.arraySync() as number[][];
  expect(rows.map(([, constant]) => constant)).toEqual([0, 0, 0, 0]);
  expect(rows.map(([, , last]) => last)).toEqual([-1, -1, 1, 1]);
});
