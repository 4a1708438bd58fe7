import { trainingHyperparameters } from "@updraft/models/hyperparameters";
import { expect, it } from "vitest";
import {
  smallExamples,
  smallNetwork,
  type SmallNetworkOptions,
} from "../fixtures/small-network.ts";
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

type Convolution = NonNullable<SmallNetworkOptions["convolution"]>;

/** The weights after three steps, and how often the gradient of an input was computed. */
async function trained(convolution: Convolution, skip: boolean) {
  const network = smallNetwork(1, { convolution });
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

it.each<Convolution>([
  { useBias: false },
  { useBias: true },
  { useBias: true, activation: "relu" },
  { useBias: true, padding: "valid", strides: 2 },
])(
  "changes no weight, to the bit, and computes no gradient of the input: %o",
  async (convolution) => {
    const own = await trained(convolution, false);
    const quick = await trained(convolution, true);
    // tfjs takes what is activated apart, and sees then that nobody needs that gradient.
    const inputGradients = convolution.activation === "relu" ? 0 : 3;
    expect(own).toMatchObject({ usesConvolution: true, inputGradients });
    expect(quick).toEqual({ ...own, inputGradients: 0 });
  },
);

it("gives the layer its own operation back", () => {
  const network = smallNetwork();
  const layer = network.getLayer("convolution");
  const call = layer.call;
  const restore = skipInputGradient(network);
  expect(layer.call).not.toBe(call);
  restore();
  expect(layer.call).toBe(call);
});

it("leaves a network alone that does not begin with such a convolution", () => {
  const network = smallNetwork(1, { convolution: { activation: "sigmoid" } });
  const { call } = network.getLayer("convolution");
  skipInputGradient(network);
  expect(network.getLayer("convolution").call).toBe(call);
});
