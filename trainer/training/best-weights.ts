import type * as tf from "@tensorflow/tfjs";

/** The loss of a network on the validation split. */
export interface ValidationLoss {
  /** Over the examples. */
  readonly mean: number;
  /** Of that mean. */
  readonly standardError: number;
}

/** Keeps the weights of the best epoch. */
export interface BestWeights {
  /** Compares the network as it is with the best so far: how many epochs ago that one was. */
  offer(epoch: number, loss: ValidationLoss): number;
  /** Gives the network the best weights: those of which epoch. */
  restore(): number;
  dispose(): void;
}

/**
 * Watches a network. The best epoch is the latest one whose loss is within one standard error of
 * the lowest: below that, the validation split cannot tell two epochs apart, and the later one has
 * learnt at a lower rate.
 * @see Breiman et al., Classification and Regression Trees, 1984: the rule of one standard error
 */
export function createBestWeights(network: tf.LayersModel): BestWeights {
  let lowest: ValidationLoss = { mean: Infinity, standardError: 0 };
  let best: { epoch: number; weights: tf.Tensor[] } | undefined;
  const dispose = () => {
    for (const weight of best?.weights ?? []) weight.dispose();
  };
  return {
    offer(epoch, loss) {
      if (best && loss.mean > lowest.mean + lowest.standardError) return epoch - best.epoch;
      if (loss.mean < lowest.mean) lowest = loss;
      dispose();
      best = { epoch, weights: network.getWeights().map((weight) => weight.clone()) };
      return 0;
    },
    restore() {
      if (!best) throw new Error("no epoch was offered");
      network.setWeights(best.weights);
      return best.epoch;
    },
    dispose,
  };
}
