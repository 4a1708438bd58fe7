import * as tf from "@tensorflow/tfjs-core";
import { input, layers, model as functional, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, expect, it } from "vitest";
import { layerByLayer } from "./layer-by-layer.ts";
import { createWasmEngine } from "./wasm-engine.ts";

beforeAll(async () => void (await createWasmEngine()));

it("answers exactly as the model does, and keeps nothing in memory", () => {
  const network = sequential({
    layers: [
      layers.inputLayer({ inputShape: [12, 12, 1] }),
      layers.rescaling({ scale: 1 / 255, offset: 0 }),
      layers.conv2d({ filters: 4, kernelSize: 3, activation: "relu" }),
      layers.batchNormalization({}),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.dropout({ rate: 0.5 }),
      layers.flatten(),
      layers.dense({ units: 8, activation: "tanh" }),
      layers.reLU(),
      layers.dense({ units: 3 }),
      layers.softmax(),
    ],
  });
  const predict = layerByLayer(network);
  const batch = tf.randomUniform([5, 12, 12, 1], 0, 255, "float32", 1);
  const expected = tf.tidy(() => (network.predict(batch) as tf.Tensor).dataSync());
  const before = tf.memory().numTensors;
  const answer = tf.tidy(() => predict?.(batch.clone()).dataSync());
  expect(answer).toEqual(expected);
  expect(tf.memory().numTensors).toBe(before);
  expect(batch.isDisposed).toBe(false);
});

it("leaves models to themselves that branch, mask, or hold other models", () => {
  const x = input({ shape: [4] });
  const sum = layers.add().apply([x, layers.dense({ units: 4 }).apply(x) as typeof x]);
  expect(layerByLayer(functional({ inputs: x, outputs: sum as typeof x }))).toBeUndefined();
  const masks = [
    layers.embedding({ inputDim: 5, outputDim: 2, maskZero: true, inputLength: 3 }),
    layers.flatten(),
  ];
  expect(layerByLayer(sequential({ layers: masks }))).toBeUndefined();
  const inner = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] });
  expect(layerByLayer(sequential({ layers: [inner] }))).toBeUndefined();
});
