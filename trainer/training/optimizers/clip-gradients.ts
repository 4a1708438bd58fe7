import * as tf from "@tensorflow/tfjs";

/**
 * Gradients that are no longer than a limit when all of them are taken as one vector: all are
 * scaled by the same factor, so their direction stays.
 * @param limit 0 leaves them as they are
 * @see https://arxiv.org/abs/1211.5063
 */
export function clipGradients(
  gradients: readonly tf.Tensor[],
  limit: number,
): readonly tf.Tensor[] {
  if (limit === 0) return gradients;
  return tf.tidy(() => {
    const squares = tf.addN(gradients.map((gradient) => gradient.square().sum()));
    const factor = tf.div(limit, squares.sqrt().maximum(limit));
    return gradients.map((gradient) => gradient.mul(factor));
  });
}
