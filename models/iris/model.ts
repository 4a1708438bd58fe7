import { z } from "zod";
import { bundledFiles } from "../bundled-files.ts";
import { csvFormat } from "../formats/csv.ts";
import { trainingHyperparameters } from "../hyperparameters.ts";
import { defineModel } from "../model-definition.ts";

/** The columns that the network sees, in centimetres. */
const features = ["sepal_length", "sepal_width", "petal_length", "petal_width"];
/** What the column `species` has. */
const labels = ["setosa", "versicolor", "virginica"];

const hyperparameters = trainingHyperparameters({
  epochs: 60,
  batchSize: 16,
  learningRate: 0.02,
  warmUp: 0.2,
  weightDecay: 0,
  labelSmoothing: 0,
  patience: 20,
}).extend({
  units: z.int().min(1).max(8192).default(16).describe("units of the hidden layer"),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe("share of the hidden layer's units left out in a step"),
});

/** What `createNetwork` of this model is given. */
export type IrisHyperparameters = z.infer<typeof hyperparameters>;

/** Tells three species of iris apart by the sizes of a flower's sepals and petals. */
export const model = defineModel({
  name: "iris",
  description: "tells three species of iris apart by four measurements of a flower",
  input: {
    name: "measurements",
    datatype: "FP32",
    shape: [-1, features.length],
    range: { min: 0, max: 10 },
    features,
  },
  output: {
    name: "probabilities",
    datatype: "FP32",
    shape: [-1, labels.length],
    range: { min: 0, max: 1 },
    labels,
  },
  hyperparameters,
  datasets: {
    fisher: bundledFiles(
      import.meta.dirname,
      ["iris.csv"],
      "Fisher's 150 flowers of 1936; comes with the platform",
    ),
  },
  format: csvFormat({ file: "iris.csv", features, label: { column: "species", classes: labels } }),
  split: { validation: 0.1, test: 0.3 },
  defaults: {
    dataset: "fisher",
    gate: { minAccuracy: 0.9, minRecallPerClass: 0.7, maxRegression: 0.05 },
  },
  loadNetwork: () => import("./network.ts"),
});
