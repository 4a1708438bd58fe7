import type * as tf from "@tensorflow/tfjs";

/** Keeps the weights of the epoch with the lowest validation loss. */
export interface BestWeights {
  /** Compares the network as it is with the best so far: how many epochs ago that one was. */
  offer(epoch: number, validationLoss: number): number;
  /** Gives the network the best weights: those of which epoch. */
  restore(): number;
  dispose(): void;
}

/** Watches a network; of equal losses the first one counts. */
export function createBestWeights(network: tf.LayersModel): BestWeights {
  let best: { epoch: number; loss: number; weights: tf.Tensor[] } | undefined;
  const dispose = () => {
    for (const weight of best?.weights ?? []) weight.dispose();
  };
  return {
    offer(epoch, loss) {
      if (best && loss >= best.loss) return epoch - best.epoch;
      dispose();
      best = { epoch, loss, weights: network.getWeights().map((weight) => weight.clone()) };
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
