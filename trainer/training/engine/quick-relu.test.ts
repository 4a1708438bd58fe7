import { expect, it } from "vitest";
import { loadTensorflow } from "../tensorflow.ts";

await loadTensorflow();
const { default: tf } = await import("@tensorflow/tfjs");

it("passes on the gradients of what is above 0, in one operation", async () => {
  const x = tf.tensor([-2, -0, 0, 0.5, 3]);
  const gradients = () => tf.grad((value) => tf.relu(value).mul(tf.tensor([1, 2, 3, 4, -5])))(x);
  const { kernelNames } = await tf.profile(gradients);
  expect([...gradients().dataSync()]).toEqual([0, 0, 0, 4, -5]);
  expect(kernelNames).toContain("ReluGrad");
  expect(kernelNames).not.toContain("Select");
});

it("makes steps of two operations, as tfjs-node has them", () => {
  const before = tf.memory().numTensors;
  const steps = tf.tidy(() => [
    ...tf.step(tf.tensor([-2, -0, 0, 1e-30, 3])).dataSync(),
    ...tf.step(tf.tensor([-2, 0, 3]), 0.5).dataSync(),
  ]);
  expect(steps).toEqual([0, 0, 0, 1, 1, 0.5, 0.5, 1]);
  expect(tf.memory().numTensors).toBe(before);
});

it("leaves the network's layers with their weights, whichever way they have ReLU", () => {
  const train = (layers: Parameters<typeof tf.sequential>[0]) => {
    const network = tf.sequential(layers);
    const variables = network.trainableWeights.map((weight) => weight.read() as never);
    const { grads } = tf.variableGrads(() => {
      const answers = network.apply(tf.tensor([[1, -2, 3]]), { training: true }) as typeof x;
      return answers.square().sum();
    }, variables);
    return Object.values(grads).map((gradient) => [...gradient.dataSync()]);
  };
  const x = tf.tensor([0]);
  const dense = {
    units: 4,
    inputShape: [3],
    kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }),
  };
  const fused = train({ layers: [tf.layers.dense({ ...dense, activation: "relu" })] });
  const apart = train({ layers: [tf.layers.dense(dense), tf.layers.reLU()] });
  expect(apart).toEqual(fused);
  expect(fused.flat().some((value) => value !== 0)).toBe(true);
});
