import type * as tf from "@tensorflow/tfjs";
import type { Labels } from "@updraft/models/dataset";
import type { ValidationLoss } from "../best-weights.ts";

/** What training makes smaller. */
export interface Objective {
  /** The part of the network whose outputs the loss is made of. */
  readonly trained: tf.LayersModel;
  /**
   * Mean loss of a batch, a scalar.
   * @param outputs of `trained`, `[n, outputs]`
   * @param labels of the batch: classes `[n]`, or values `[n, outputs]`
   */
  loss(outputs: tf.Tensor, labels: Labels): tf.Scalar;
  /** How many of a batch's answers are right; none of a regressor. */
  countRight?(outputs: Float32Array, labels: Labels): number;
  /**
   * What the network's answers are worth on examples that it was not trained on, without what is
   * only for training: smoothed labels, weights of the classes.
   * @param answers of the whole network, `[n, outputs]`, row-major
   */
  validate(answers: Float32Array, labels: Labels): Validation;
}

/** What answers are worth. */
export interface Validation {
  readonly loss: ValidationLoss;
  /** Share of right answers, of a classifier. */
  readonly accuracy?: number;
}

/** Mean and standard error of losses, one for each example. */
export function validationLoss(losses: readonly number[]): ValidationLoss {
  const mean = sum(losses) / losses.length;
  const squares = sum(losses.map((loss) => (loss - mean) ** 2));
  const variance = losses.length > 1 ? squares / (losses.length - 1) : 0;
  return { mean, standardError: Math.sqrt(variance / losses.length) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
