import type * as tf from "@tensorflow/tfjs";

/** Where a rule is applied. */
export interface Step {
  /** Of the whole training, from 1. */
  readonly number: number;
  readonly learningRate: number;
}

/** What a rule makes of a gradient. */
export interface Change {
  /** What is added to the weights. */
  readonly change: tf.Tensor;
  /** The new memories. */
  readonly memories: readonly tf.Tensor[];
}

/** How weights follow from their gradients, element by element. */
export interface Rule {
  /** What it remembers from step to step: one tensor each, shaped like the weights, 0 at first. */
  readonly memories: readonly string[];
  apply(gradient: tf.Tensor, memories: readonly tf.Tensor[], step: Step): Change;
}
