import type * as tf from "@tensorflow/tfjs";
import type { Network } from "@updraft/models/model-definition";
import type { Splits } from "../data/split.ts";
import type { EpochResult, History } from "./history.ts";
import { createLearner, type LearnerOptions } from "./learner.ts";
import { explainMemory } from "./out-of-memory.ts";
import { runEpoch, type EpochOptions } from "./run-epoch.ts";
import type { TrainingState } from "./training-state.ts";

export { TrainingDivergedError, type Progress } from "./run-epoch.ts";

export interface FitOptions extends LearnerOptions, EpochOptions {
  /**
   * Takes the state after each epoch, also after the last one; training goes on when it has. The
   * state is a copy of all weights, so without this nothing is copied.
   */
  readonly checkpoint?: (state: TrainingState) => Promise<void>;
  /** Goes on from there instead of starting: with the same hyperparameters, seed and splits. */
  readonly resumeFrom?: TrainingState;
}

/**
 * Trains a network, and leaves it with the weights of its best epoch.
 * @throws {TrainingDivergedError} if the loss is no number any more
 * @throws {OutOfMemoryError} if there is not enough memory
 * @throws the reason of `signal` if it is aborted
 */
export async function fit(
  network: tf.LayersModel,
  { train, validation }: Pick<Splits, "train" | "validation">,
  augment: Network["augment"],
  options: FitOptions,
): Promise<History> {
  const { hyperparameters, onProgress, checkpoint, resumeFrom } = options;
  const learner = createLearner(network, train, augment, options);
  const epochs: EpochResult[] = [];
  const isDone = () =>
    epochs.length >= hyperparameters.epochs ||
    (epochs.length > 0 && learner.best.age(epochs.length) >= hyperparameters.patience);
  try {
    if (resumeFrom) epochs.push(...learner.resume(resumeFrom));
    while (!isDone()) {
      const result = await runEpoch(epochs.length + 1, learner, validation, options);
      epochs.push(result);
      const pace = learner.clock.at(result.epoch, 1);
      onProgress({ ...pace, loss: result.loss, result });
      await checkpoint?.(learner.save(epochs));
    }
    return { epochs, bestEpoch: learner.best.restore() };
  } catch (error) {
    throw explainMemory(error, hyperparameters.batchSize);
  } finally {
    learner.dispose();
  }
}
