import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { standardisation, standardising } from "./standardising.ts";

const train = { count: 4, inputs: Float32Array.of(1, 7, 10, 3, 7, 10, 5, 7, 30, 7, 7, 30) };

it("gives each value the mean 0 and the standard deviation 1 over the training split", () => {
  const { kernel, bias } = standardisation(3, train);
  const deviation = Math.sqrt(5);
  expect([...kernel]).toEqual([...Float32Array.of(1 / deviation, 0, 0, 0, 1, 0, 0, 0, 0.1)]);
  expect([...bias]).toEqual([...Float32Array.of(-4 / deviation, -7, -2)]);
});

it("is a layer that has these weights and keeps them", () => {
  const network = tf.sequential({
    layers: [tf.layers.inputLayer({ inputShape: [3] }), standardising(3, train)],
  });
  const answers = network.predict(tf.tensor2d(train.inputs, [4, 3])) as tf.Tensor;
  const rows = answers.arraySync() as number[][];
  expect(rows.map(([, constant]) => constant)).toEqual([0, 0, 0, 0]);
  expect(rows.map(([, , last]) => last)).toEqual([-1, -1, 1, 1]);
  expect(network.trainableWeights).toEqual([]);
});

it("lets values pass where there is no training split", () => {
  expect(standardisation(2)).toEqual({
    kernel: Float32Array.of(1, 0, 0, 1),
    bias: Float32Array.of(0, 0),
  });
});
