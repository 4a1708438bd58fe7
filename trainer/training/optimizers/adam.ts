import type * as tf from "@tensorflow/tfjs";
import type { Rule } from "./rule.ts";

/** What Adam remembers of a step. */
export interface AdamOptions {
  /** Share of the gradients' running mean that a step keeps. */
  readonly beta1: number;
  /** Share of the running mean of their squares that a step keeps. */
  readonly beta2: number;
  /** Keeps the divisor above 0. */
  readonly epsilon: number;
}

/**
 * The gradients' running mean, divided by the root of that of their squares.
 * @see https://arxiv.org/abs/1412.6980
 */
export function adam({ beta1, beta2, epsilon }: AdamOptions): Rule {
  const startOfMean = powersOf(beta1);
  const startOfSquare = powersOf(beta2);
  return {
    memories: ["mean", "square"],
    apply(gradient, [mean, square], { number, learningRate }) {
      const newMean = running(mean, gradient, beta1);
      const newSquare = running(square, gradient.square(), beta2);
      // Both means began with 0, whose share in them is taken out again.
      const root = newSquare.div(Math.fround(1 - startOfSquare(number))).sqrt();
      const change = newMean
        .div(Math.fround(1 - startOfMean(number)))
        .div(root.add(epsilon))
        .mul(-learningRate);
      return { change, memories: [newMean, newSquare] };
    },
  };
}

/** A running mean with the next value. */
export function running(mean: tf.Tensor | undefined, value: tf.Tensor, kept: number): tf.Tensor {
  const share = value.mul(1 - kept);
  return mean ? mean.mul(kept).add(share) : share;
}

/** The powers of a number as multiplying it in float32, step by step, gives them. */
function powersOf(base: number): (exponent: number) => number {
  const factor = Math.fround(base);
  let last = { exponent: 0, power: 1 };
  return (exponent) => {
    if (exponent < last.exponent) last = { exponent: 0, power: 1 };
    let { power } = last;
    for (let index = last.exponent; index < exponent; index += 1)
      power = Math.fround(power * factor);
    last = { exponent, power };
    return power;
  };
}
