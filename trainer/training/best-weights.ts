import * as tf from "@tensorflow/tfjs";
import { storedTensor, weightTensors, type StoredTensor } from "./training-state.ts";

/** The loss of a network on the validation split. */
export interface ValidationLoss {
  /** Over the examples. */
  readonly mean: number;
  /** Of that mean. */
  readonly standardError: number;
}

/** Which epoch is the best so far, and what the next ones are compared with. */
export interface BestEpoch {
  /** From 1. */
  readonly epoch: number;
  readonly lowest: ValidationLoss;
}

/** Keeps the weights of the best epoch. */
export interface BestWeights {
  /** Compares the network as it is with the best so far. */
  offer(epoch: number, loss: ValidationLoss): void;
  /** How many epochs before this one the best one was. */
  age(epoch: number): number;
  /** Gives the network the best weights: those of which epoch. */
  restore(): number;
  /** What has been found so far. @throws if no epoch was offered */
  save(): { readonly best: BestEpoch; readonly tensors: readonly StoredTensor[] };
  /** Goes on where another one was. */
  resume(best: BestEpoch, tensors: readonly StoredTensor[]): void;
  dispose(): void;
}

/** What the names of the best weights begin with in a training's state. */
const part = "best";

/**
 * Watches a network. The best epoch is the latest one whose loss is within one standard error of
 * the lowest: below that, the validation split cannot tell two epochs apart, and the later one has
 * learnt at a lower rate.
 * @see Breiman et al., Classification and Regression Trees, 1984: the rule of one standard error
 */
export function createBestWeights(network: tf.LayersModel): BestWeights {
  let best: (BestEpoch & { readonly weights: readonly tf.Tensor[] }) | undefined;
  const found = () => {
    if (!best) throw new Error("no epoch was offered");
    return best;
  };
  const replace = (next: NonNullable<typeof best>) => {
    tf.dispose([...(best?.weights ?? [])]);
    best = next;
  };
  return {
    offer(epoch, loss) {
      if (best && loss.mean > best.lowest.mean + best.lowest.standardError) return;
      const lowest = best && best.lowest.mean <= loss.mean ? best.lowest : loss;
      replace({ epoch, lowest, weights: network.getWeights().map((weight) => weight.clone()) });
    },
    age: (epoch) => epoch - found().epoch,
    restore() {
      network.setWeights([...found().weights]);
      return found().epoch;
    },
    save() {
      const { epoch, lowest, weights } = found();
      const tensors = network.weights.flatMap(({ originalName }, index) => {
        const weight = weights[index];
        return weight ? [storedTensor(`${part}/${originalName}`, weight)] : [];
      });
      return { best: { epoch, lowest }, tensors };
    },
    resume(from, tensors) {
      replace({ ...from, weights: weightTensors(network, part, tensors) });
    },
    dispose: () => tf.dispose([...(best?.weights ?? [])]),
  };
}
