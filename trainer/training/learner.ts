import type * as tf from "@tensorflow/tfjs";
import type { Examples } from "@updraft/models/dataset";
import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import type { Network } from "@updraft/models/model-definition";
import { createRandom, shuffled, type ResumableRandom } from "../random.ts";
import { batches, type Batch, type Prepare } from "./batches.ts";
import { createBestWeights, type BestWeights } from "./best-weights.ts";
import { startClock, type Clock } from "./clock.ts";
import { dropoutMasks, type DropoutMasks } from "./dropout.ts";
import { keepPlaces } from "./engine/quick-max-pool.ts";
import { skipInputGradient } from "./first-convolution.ts";
import type { EpochResult } from "./history.ts";
import { objectiveOf } from "./objectives/objective-of.ts";
import type { Objective } from "./objectives/objective.ts";
import { createSchedule, type Schedule } from "./schedule.ts";
import { createStepper, type Stepper } from "./step.ts";
import { restoreWeights, storedWeights, type TrainingState } from "./training-state.ts";

/** A network in training, and all that changes with it. */
export interface Learner {
  readonly network: tf.LayersModel;
  readonly objective: Objective;
  readonly stepper: Stepper;
  readonly schedule: Schedule;
  readonly masks: DropoutMasks;
  readonly clock: Clock;
  readonly best: BestWeights;
  /** The batches of the next epoch, in an order of their own. */
  epochBatches(): Generator<Batch, void>;
  /** Where it is at the end of an epoch. @param epochs those that are done */
  save(epochs: readonly EpochResult[]): TrainingState;
  /** Goes on from there: the epochs that are done. @throws if it is of another network */
  resume(state: TrainingState): readonly EpochResult[];
  /** Leaves the network as training does not need it. */
  dispose(): void;
}

/** What the training follows from, beside its network and its data. */
export interface LearnerOptions {
  readonly hyperparameters: TrainingHyperparameters;
  readonly seed: number;
}

/** What the names of the weights begin with in a training's state. */
const part = "network";

/** Makes a network ready to be trained on some examples. */
export function createLearner(
  network: tf.LayersModel,
  train: Examples,
  augment: Network["augment"],
  { hyperparameters, seed }: LearnerOptions,
): Learner {
  const randoms = {
    order: createRandom(seed, "order"),
    dropout: createRandom(seed, "dropout"),
    augmentation: createRandom(seed, "augmentation"),
  };
  const objective = objectiveOf(network, train.labels, hyperparameters);
  const parts = {
    network,
    objective,
    stepper: createStepper(network, objective, hyperparameters),
    schedule: createSchedule(hyperparameters),
    best: createBestWeights(network),
    clock: startClock(train.count, hyperparameters),
    randoms,
  };
  const masks = dropoutMasks(network, randoms.dropout);
  const restoreLayers = [skipInputGradient(network), keepPlaces(network)];
  const indexes = Int32Array.from({ length: train.count }, (_, index) => index);
  const prepare: Prepare = augment
    ? (source, target) => augment(source, target, randoms.augmentation, hyperparameters)
    : (source, target) => target.set(source);
  return {
    ...parts,
    masks,
    epochBatches() {
      const order = shuffled(indexes, randoms.order);
      return batches(train, order, hyperparameters.batchSize, prepare);
    },
    save: (epochs) => stateOf(parts, epochs),
    resume: (state) => goOn(parts, state),
    dispose() {
      for (const restore of restoreLayers) restore();
      masks.restore();
      parts.best.dispose();
      parts.stepper.dispose();
    },
  };
}

/** What changes from epoch to epoch. */
interface Parts extends Pick<Learner, "network" | "stepper" | "schedule" | "best" | "clock"> {
  /** By purpose. */
  readonly randoms: Readonly<Record<string, ResumableRandom>>;
}

function stateOf(
  { network, stepper, schedule, best, randoms }: Parts,
  epochs: readonly EpochResult[],
): TrainingState {
  const optimizer = stepper.optimizer.save();
  const { best: bestEpoch, tensors } = best.save();
  return {
    progress: {
      epochs: [...epochs],
      randoms: mapValues(randoms, (random) => random.save()),
      optimizer: { steps: optimizer.steps },
      best: bestEpoch,
      plateau: schedule.save(),
    },
    tensors: [...storedWeights(network, part), ...tensors, ...optimizer.tensors],
  };
}

function goOn(
  { network, stepper, schedule, best, clock, randoms }: Parts,
  { progress, tensors }: TrainingState,
): readonly EpochResult[] {
  restoreWeights(network, part, tensors);
  best.resume(progress.best, tensors);
  schedule.restore(progress.plateau);
  stepper.optimizer.restore({ ...progress.optimizer, tensors });
  for (const [purpose, random] of Object.entries(randoms)) {
    const state = progress.randoms[purpose];
    if (!state) throw new Error(`the training's state has no generator for ${purpose}`);
    random.restore(state);
  }
  clock.skip(progress.epochs.length);
  return progress.epochs;
}

function mapValues<A, B>(
  values: Readonly<Record<string, A>>,
  map: (value: A) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
