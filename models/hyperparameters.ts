import { z } from "zod";

/** How weights follow from their gradients. */
export const optimizers = ["sgd", "momentum", "rmsprop", "adam", "adamw"] as const;
/** How the learning rate changes. */
export const schedules = ["constant", "step", "cosine", "oneCycle", "reduceOnPlateau"] as const;
/** What a classifier makes smaller. */
export const classifierLosses = ["crossEntropy", "focal"] as const;
/** What a regressor makes smaller. */
export const regressorLosses = ["meanSquaredError", "huber", "meanAbsoluteError"] as const;

/** What the trainer's loop needs of every model. */
export interface TrainingHyperparameters {
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: (typeof optimizers)[number];
  readonly momentum: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  readonly learningRate: number;
  readonly schedule: (typeof schedules)[number];
  readonly warmUp: number;
  readonly decayFactor: number;
  readonly decayEpochs: number;
  readonly loss: (typeof classifierLosses)[number] | (typeof regressorLosses)[number];
  readonly patience: number;
  /** Of classifiers. */
  readonly labelSmoothing?: number;
  readonly classWeights?: "none" | "balanced";
  readonly focalGamma?: number;
  /** Of regressors. */
  readonly huberDelta?: number;
}

/** A model's defaults; what it leaves out is as most models have it. */
export type TrainingDefaults = Partial<TrainingHyperparameters> &
  Pick<
    TrainingHyperparameters,
    "epochs" | "batchSize" | "learningRate" | "warmUp" | "weightDecay" | "patience"
  >;

/**
 * The schema of a classifier's {@link TrainingHyperparameters} with its defaults; `.extend({...})`
 * it with the model's own.
 */
export function trainingHyperparameters(defaults: TrainingDefaults) {
  const loss = classifierLosses.find((known) => known === defaults.loss) ?? "crossEntropy";
  const { labelSmoothing = 0, classWeights = "none", focalGamma = 2 } = defaults;
  return z.strictObject({
    ...sharedFields(defaults),
    loss: choice(classifierLosses, loss).describe(
      "what training makes smaller; focal looks more at examples that are hard",
    ),
    focalGamma: z
      .number()
      .min(0)
      .max(10)
      .default(focalGamma)
      .describe("how much less the focal loss looks at examples that are easy"),
    labelSmoothing: z
      .number()
      .min(0)
      .max(0.9)
      .default(labelSmoothing)
      .describe("share of each label that is spread over all classes"),
    classWeights: choice(["none", "balanced"], classWeights).describe(
      "how much an example counts in the loss; balanced: the less, the more its class has",
    ),
  });
}

/** The same of a regressor. */
export function regressionHyperparameters(defaults: TrainingDefaults) {
  const loss = regressorLosses.find((known) => known === defaults.loss) ?? "meanSquaredError";
  const { huberDelta = 1 } = defaults;
  return z.strictObject({
    ...sharedFields(defaults),
    loss: choice(regressorLosses, loss).describe(
      "what training makes smaller; huber and meanAbsoluteError bear values that are far off",
    ),
    huberDelta: z
      .number()
      .positive()
      .max(1e6)
      .default(huberDelta)
      .describe("error, in the unit of the values, from which on huber no longer squares it"),
  });
}

function sharedFields(defaults: TrainingDefaults) {
  return { ...lengthFields(defaults), ...optimizerFields(defaults), ...rateFields(defaults) };
}

function lengthFields({ epochs, batchSize, patience }: TrainingDefaults) {
  return {
    epochs: z
      .int()
      .min(1)
      .max(10_000)
      .default(epochs)
      .describe("times that all training examples are seen"),
    batchSize: z
      .int()
      .min(1)
      .max(65_536)
      .default(batchSize)
      .describe("examples in one step of the optimizer"),
    patience: z
      .int()
      .min(1)
      .default(patience)
      .describe("epochs in a row with a worse validation loss after which training stops early"),
  };
}

function optimizerFields(defaults: TrainingDefaults) {
  const { optimizer = "adamw", momentum = 0.9, beta1 = 0.9, beta2 = 0.99 } = defaults;
  const { epsilon = 1e-7, weightDecay, clipNorm = 0 } = defaults;
  const share = z.number().min(0).lt(1);
  return {
    optimizer: choice(optimizers, optimizer).describe("how weights follow from their gradients"),
    momentum: share.default(momentum).describe("share of its last move that momentum keeps"),
    beta1: share
      .default(beta1)
      .describe("share of the gradients' running mean that a step keeps; adam, adamw"),
    // 0.99 instead of 0.999 keeps up with a learning rate that changes fast.
    beta2: share
      .default(beta2)
      .describe("share of their squares' running mean that a step keeps; rmsprop, adam, adamw"),
    epsilon: z
      .number()
      .positive()
      .max(1)
      .default(epsilon)
      .describe("what is added to the root of that mean; rmsprop, adam, adamw"),
    weightDecay: z
      .number()
      .min(0)
      .max(1)
      .default(weightDecay)
      .describe(
        "how kernels shrink: with adamw by this share of the learning rate in each step, otherwise by this share of themselves in their gradients",
      ),
    clipNorm: z
      .number()
      .min(0)
      .default(clipNorm)
      .describe("longest that all gradients together may be; 0 leaves them as they are"),
  };
}

function rateFields(defaults: TrainingDefaults) {
  const { learningRate, schedule = "oneCycle", warmUp } = defaults;
  const { decayFactor = 0.5, decayEpochs = 5 } = defaults;
  return {
    learningRate: z
      .number()
      .positive()
      .max(1)
      .default(learningRate)
      .describe("highest learning rate; the schedule says how it gets there and falls"),
    schedule: choice(schedules, schedule).describe("how the learning rate changes"),
    warmUp: z
      .number()
      .min(0)
      .max(1)
      .default(warmUp)
      .describe("share of all steps in which the learning rate rises"),
    decayFactor: z
      .number()
      .positive()
      .lt(1)
      .default(decayFactor)
      .describe("what step and reduceOnPlateau multiply the learning rate by"),
    decayEpochs: z
      .int()
      .min(1)
      .default(decayEpochs)
      .describe(
        "epochs after which they do so: of step always, of reduceOnPlateau those in a row without a lower validation loss",
      ),
  };
}

function choice<const T extends readonly [string, ...string[]]>(values: T, preset: T[number]) {
  return z.enum(values, { error: `expected one of ${values.join(", ")}` }).default(preset);
}
