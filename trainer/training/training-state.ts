import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { RandomState } from "../random.ts";
import { EpochResult } from "./history.ts";

/** A tensor of float32 outside of the engine. */
export interface StoredTensor {
  /** Unique in its state, with its part before the first slash: `network/dense/kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

/** What is no tensor of a training's state; JSON gives it back exactly. */
export const TrainingProgress = z.strictObject({
  /** Those that are done, from the first. */
  epochs: z.array(EpochResult).min(1),
  /** By purpose. */
  randoms: z.record(z.string(), RandomState),
  optimizer: z.strictObject({ steps: z.int().min(0) }),
  best: z.strictObject({
    epoch: z.int().min(1),
    lowest: z.strictObject({ mean: z.number(), standardError: z.number() }),
  }),
  plateau: z
    .strictObject({
      /** How often the learning rate was made lower. */
      reductions: z.int().min(0),
      /** Epochs since then, or since the validation loss was last lower. */
      age: z.int().min(0),
      lowest: z.number().optional(),
    })
    .readonly(),
});
export type TrainingProgress = z.infer<typeof TrainingProgress>;

/**
 * Where a training is at the end of an epoch. One that goes on from there ends with the same
 * weights, to the bit, as one that was never interrupted.
 */
export interface TrainingState {
  readonly progress: TrainingProgress;
  /** Of the network (`network/`), of its best epoch (`best/`) and of the optimizer (`optimizer/`). */
  readonly tensors: readonly StoredTensor[];
}

/** A copy of a network's weights, trained or not. @param part what their names begin with */
export function storedWeights(network: tf.LayersModel, part: string): StoredTensor[] {
  return network.weights.map((weight) =>
    storedTensor(`${part}/${weight.originalName}`, weight.read()),
  );
}

/** A copy of a tensor. */
export function storedTensor(name: string, tensor: tf.Tensor): StoredTensor {
  return { name, shape: [...tensor.shape], values: Float32Array.from(tensor.dataSync()) };
}

/**
 * Gives a network the weights that {@link storedWeights} took.
 * @throws if one is missing or has another shape
 */
export function restoreWeights(
  network: tf.LayersModel,
  part: string,
  tensors: readonly StoredTensor[],
): void {
  const weights = weightTensors(network, part, tensors);
  network.setWeights(weights);
  tf.dispose(weights);
}

/** The weights as tensors, in the network's order; whoever takes them disposes of them. */
export function weightTensors(
  network: tf.LayersModel,
  part: string,
  tensors: readonly StoredTensor[],
): tf.Tensor[] {
  return network.weights.map(({ originalName, shape }) =>
    tensorOf(
      `${part}/${originalName}`,
      shape.map((size) => size ?? 1),
      tensors,
    ),
  );
}

/**
 * One of the stored tensors, for the engine.
 * @throws if it is missing or has another shape
 */
export function tensorOf(
  name: string,
  shape: readonly number[],
  tensors: readonly StoredTensor[],
): tf.Tensor {
  const stored = tensors.find((candidate) => candidate.name === name);
  if (stored && stored.shape.join() === shape.join()) {
    // A copy: the engine may keep the very array.
    return tf.tensor(Float32Array.from(stored.values), [...shape]);
  }
  const found = stored ? `[${stored.shape.join(", ")}]` : "nothing";
  throw new Error(
    `the training's state has ${found} as ${name}; expected [${shape.join(", ")}]: it belongs to another network or optimizer; train from the start`,
  );
}
