import { z } from "zod";

/** What the trainer's loop needs of every model. */
export interface TrainingHyperparameters {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly warmUp: number;
  readonly weightDecay: number;
  readonly labelSmoothing: number;
  readonly patience: number;
}

/**
 * The schema of {@link TrainingHyperparameters} with a model's defaults; `.extend({...})` it with
 * the model's own.
 */
export function trainingHyperparameters(defaults: TrainingHyperparameters) {
  return z.strictObject({
    epochs: z
      .int()
      .min(1)
      .max(10_000)
      .default(defaults.epochs)
      .describe("times that all training examples are seen"),
    batchSize: z
      .int()
      .min(1)
      .max(65_536)
      .default(defaults.batchSize)
      .describe("examples in one step of the optimizer"),
    learningRate: z
      .number()
      .positive()
      .max(1)
      .default(defaults.learningRate)
      .describe("highest learning rate; it rises to it and falls to zero along a cosine"),
    warmUp: z
      .number()
      .min(0)
      .max(1)
      .default(defaults.warmUp)
      .describe("share of all steps in which the learning rate rises"),
    weightDecay: z
      .number()
      .min(0)
      .max(1)
      .default(defaults.weightDecay)
      .describe("share of the learning rate by which kernels shrink in each step"),
    labelSmoothing: z
      .number()
      .min(0)
      .max(0.9)
      .default(defaults.labelSmoothing)
      .describe("share of each label that is spread over all classes"),
    patience: z
      .int()
      .min(1)
      .default(defaults.patience)
      .describe("epochs in a row with a worse validation loss after which training stops early"),
  });
}
