import { z } from "zod";
import { idxFormat } from "../formats/idx.ts";
import { trainingHyperparameters } from "../hyperparameters.ts";
import { defineModel } from "../model-definition.ts";
import { imageSize, testFiles, trainFiles } from "./idx-files.ts";
import { mnist10k } from "./mnist-10k.ts";
import { mnist } from "./mnist.ts";

const labels = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

const hyperparameters = trainingHyperparameters({
  epochs: 14,
  batchSize: 128,
  learningRate: 0.004,
  warmUp: 0.2,
  weightDecay: 0,
  labelSmoothing: 0,
  patience: 6,
}).extend({
  filters: z
    .int()
    .min(1)
    .max(1024)
    .default(16)
    .describe("filters of the first convolution; the second has twice as many"),
  units: z.int().min(1).max(8192).default(128).describe("units of the dense layer"),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe("share of the dense layer's units left out in a step"),
  batchNorm: z
    .boolean()
    .default(false)
    .describe("whether each layer's values are normalised by those of the batch"),
  augmentation: z
    .number()
    .min(0)
    .max(3)
    .default(1)
    .describe("how far training digits are turned, moved, scaled and bent; 0 leaves them alone"),
});

/** What `createNetwork` and `augment` of this model are given. */
export type DigitsHyperparameters = z.infer<typeof hyperparameters>;

/** Reads a handwritten digit from a grey image of 28 x 28 pixels, white on black, as MNIST has them. */
export const model = defineModel({
  name: "digits",
  description: "reads a handwritten digit from an image of 28 x 28 pixels",
  input: {
    name: "image",
    datatype: "FP32",
    shape: [-1, ...imageSize, 1],
    range: { min: 0, max: 255 },
  },
  output: {
    name: "probabilities",
    datatype: "FP32",
    shape: [-1, labels.length],
    range: { min: 0, max: 1 },
    labels,
  },
  hyperparameters,
  datasets: { "mnist-10k": mnist10k, mnist },
  format: idxFormat({
    train: trainFiles,
    test: testFiles,
    size: imageSize,
    classes: labels.length,
  }),
  split: { validation: 0.05, test: 0.1 },
  defaults: {
    dataset: "mnist-10k",
    gate: { minAccuracy: 0.97, minRecallPerClass: 0.9, maxRegression: 0.01 },
  },
  loadNetwork: () => import("./network.ts"),
});
