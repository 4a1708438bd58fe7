import * as tf from "@tensorflow/tfjs";

/** Adam whose learning rate is set for each step, with weight decay apart from the gradients. */
export class ScheduledAdam extends tf.AdamOptimizer {
  readonly #weightDecay: number;

  /** @param weightDecay share of the learning rate by which kernels shrink in each step */
  constructor(weightDecay: number) {
    // A second moment of 0.99 instead of 0.999 keeps up with a learning rate that changes fast.
    super(0, 0.9, 0.99, 1e-7);
    this.#weightDecay = weightDecay;
  }

  /** One step. @param kernels the variables that decay */
  step(gradients: tf.NamedTensorMap, learningRate: number, kernels: readonly tf.Variable[]): void {
    this.learningRate = learningRate;
    this.applyGradients(Object.entries(gradients).map(([name, tensor]) => ({ name, tensor })));
    if (this.#weightDecay === 0) return;
    tf.tidy(() => {
      for (const kernel of kernels) kernel.assign(kernel.mul(1 - learningRate * this.#weightDecay));
    });
  }
}
