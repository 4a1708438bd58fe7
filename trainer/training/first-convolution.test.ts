import { trainingHyperparameters } from "@updraft/models/hyperparameters";
import { expect, it } from "vitest";
import { smallExamples, smallNetwork } from "../fixtures/small-network.ts";
import { skipInputGradient } from "./first-convolution.ts";
import { objectiveOf } from "./objectives/objective-of.ts";
import { createStepper } from "./step.ts";
import { loadTensorflow } from "./tensorflow.ts";

await loadTensorflow();
const { default: tf } = await import("@tensorflow/tfjs");

const hyperparameters = trainingHyperparameters({
  epochs: 1,
  batchSize: 8,
  learningRate: 0.01,
  warmUp: 0,
  weightDecay: 0,
  patience: 1,
}).parse({});

/** The weights after three steps, and how often the gradient of an input was computed. */
async function trained(skip: boolean) {
  const network = smallNetwork();
  const restore = skip ? skipInputGradient(network) : () => {};
  const examples = smallExamples(8);
  const objective = objectiveOf(network, examples.labels, hyperparameters);
  const stepper = createStepper(network, objective, hyperparameters);
  const { kernelNames, kernels } = await tf.profile(() => {
    for (let step = 0; step < 3; step += 1) stepper.step(examples, 0.01);
    return tf.scalar(0);
  });
  restore();
  stepper.dispose();
  return {
    weights: network.getWeights().map((weight) => [...weight.dataSync()]),
    usesConvolution: kernelNames.includes("Conv2DBackpropFilter"),
    inputGradients: kernels.filter(({ name }) => name === "Conv2DBackpropInput").length,
  };
}

it("changes no weight, to the bit, and saves a gradient in each step", async () => {
  const own = await trained(false);
  const quick = await trained(true);
  expect(own).toMatchObject({ usesConvolution: true, inputGradients: 3 });
  expect(quick).toEqual({ ...own, inputGradients: 0 });
});

it("gives the layer its own operation back", () => {
  const network = smallNetwork();
  const layer = network.getLayer("convolution");
  const call = layer.call;
  const restore = skipInputGradient(network);
  expect(layer.call).not.toBe(call);
  restore();
  expect(layer.call).toBe(call);
});

it("leaves a network alone that does not begin with a plain convolution", () => {
  const network = tf.sequential({
    layers: [tf.layers.conv2d({ filters: 1, kernelSize: 2, inputShape: [4, 4, 1] })],
  });
  const { call } = network.layers[0] ?? {};
  skipInputGradient(network);
  expect(network.layers[0]?.call).toBe(call);
});
