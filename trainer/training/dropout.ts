import type * as tf from "@tensorflow/tfjs";
import type { Random } from "@updraft/models/model-definition";

/** What varies the masks of a network's dropout layers. */
export interface DropoutMasks {
  /** Draws new masks for the next step. */
  redraw(): void;
  /** Gives the layers the seeds they were made with. */
  restore(): void;
}

/**
 * A dropout layer of tfjs with a seed draws the same mask in every step; this gives it another
 * seed for each.
 */
export function dropoutMasks(network: tf.LayersModel, random: Random): DropoutMasks {
  const layers = network.layers
    .filter((layer) => layer.getClassName() === "Dropout")
    .map((layer) => ({ layer, seed: layer.getConfig()["seed"] }));
  return {
    redraw() {
      for (const { layer } of layers)
        Object.assign(layer, { seed: Math.floor(random() * 2 ** 31) });
    },
    restore() {
      for (const { layer, seed } of layers) Object.assign(layer, { seed });
    },
  };
}
