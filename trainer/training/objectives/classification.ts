import * as tf from "@tensorflow/tfjs";
import type { Labels } from "@updraft/models/dataset";
import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import { crossEntropy } from "../engine/cross-entropy.ts";
import { validationLoss, type Objective } from "./objective.ts";

/** What a classifier's loss is made of. */
export interface ClassificationOptions extends Pick<
  TrainingHyperparameters,
  "loss" | "labelSmoothing" | "focalGamma"
> {
  /** How much an example of each class counts; all the same without it. */
  readonly classWeights?: Float32Array | undefined;
}

/** What is never taken for less likely: its logarithm would be no number. */
const leastProbability = 1e-15;

/**
 * Cross-entropy, or the focal loss, of a network's logits: what goes into its last layer.
 * @throws if its last layer is no softmax
 * @see https://arxiv.org/abs/1708.02002 for the focal loss
 */
export function classification(network: tf.LayersModel, options: ClassificationOptions): Objective {
  const { loss, labelSmoothing = 0, focalGamma = 2, classWeights } = options;
  const classes = network.outputs[0]?.shape.at(-1) ?? 1;
  const gamma = loss === "focal" ? focalGamma : 0;
  return {
    trained: withoutSoftmax(network),
    loss(logits, labels) {
      const truth = tf.tensor2d(smoothed(labels, classes, labelSmoothing), [
        labels.length,
        classes,
      ]);
      const losses = gamma === 0 ? crossEntropy(truth, logits) : focal(truth, logits, gamma);
      if (!classWeights) return losses.mean();
      return losses.mul(tf.tensor1d(weightsOf(labels, classWeights))).mean();
    },
    countRight,
    validate(answers, labels) {
      const losses = Array.from(labels, (label, index) => {
        const own = Math.max(answers[index * classes + label] ?? 0, leastProbability);
        return -Math.log(own) * (1 - own) ** gamma;
      });
      const accuracy = countRight(answers, labels) / labels.length;
      return { loss: validationLoss(losses), accuracy };
    },
  };
}

function focal(truth: tf.Tensor2D, logits: tf.Tensor, gamma: number): tf.Tensor1D {
  const logarithms = tf.logSoftmax(logits);
  const hardness = tf.sub(1, tf.exp(logarithms)).pow(gamma);
  return truth.mul(hardness).mul(logarithms).sum(-1).neg() as tf.Tensor1D;
}

/** What the network should answer: its class alone, or a share of it spread over all classes. */
function smoothed(labels: Labels, classes: number, share: number): Float32Array {
  const truth = new Float32Array(labels.length * classes).fill(share / classes);
  for (const [row, label] of labels.entries())
    truth[row * classes + label] = 1 - share + share / classes;
  return truth;
}

function withoutSoftmax(network: tf.LayersModel): tf.LayersModel {
  const last = network.layers.at(-1);
  if (last?.getClassName() !== "Softmax") {
    throw new Error(
      `the last layer of ${network.name} is ${last?.getClassName()}; expected a softmax, which gives class probabilities`,
    );
  }
  return tf.model({ inputs: network.inputs, outputs: last.input, name: `${network.name}-logits` });
}

/** How many examples of a batch have their class as the likeliest; of equal ones the first. */
function countRight(answers: Float32Array, labels: Labels): number {
  const classes = answers.length / labels.length;
  let right = 0;
  for (const [row, label] of labels.entries()) {
    const values = answers.subarray(row * classes, (row + 1) * classes);
    if (values.indexOf(values.reduce((a, b) => Math.max(a, b), -Infinity)) === label) right += 1;
  }
  return right;
}

function weightsOf(labels: Labels, classWeights: Float32Array): Float32Array {
  return Float32Array.from(labels, (label) => classWeights[label] ?? 1);
}
