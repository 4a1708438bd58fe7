import { setImmediate } from "node:timers/promises";
import { classified } from "@updraft/models/dataset";
import type * as tf from "@tensorflow/tfjs";
import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import type { Network } from "@updraft/models/model-definition";
import type { Splits } from "../data/split.ts";
import { accuracy, logLoss, logLossError } from "../evaluation/measures.ts";
import { createRandom, shuffled } from "../random.ts";
import { batches, type Prepare } from "./batches.ts";
import { createBestWeights } from "./best-weights.ts";
import type { EpochResult, History } from "./history.ts";
import { startClock, type Clock, type Pace } from "./clock.ts";
import { dropoutMasks, type DropoutMasks } from "./dropout.ts";
import { skipInputGradient } from "./first-convolution.ts";
import { predict } from "./predict.ts";
import { oneCycle } from "./schedule.ts";
import { createStepper, type Stepper } from "./step.ts";

/** Where training is, for people. */
export interface Progress extends Pace {
  /** Mean over the epoch so far. */
  readonly loss: number;
  /** Set at an epoch's end. */
  readonly result?: EpochResult;
}

export interface FitOptions {
  readonly hyperparameters: TrainingHyperparameters;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** The loss is no number any more: these hyperparameters lead nowhere. */
export class TrainingDivergedError extends Error {
  override readonly name = "TrainingDivergedError";
}

/**
 * Trains a network, and leaves it with the weights of its best epoch.
 * @throws {TrainingDivergedError} if the loss is no number any more
 * @throws the reason of `signal` if it is aborted
 */
export async function fit(
  network: tf.LayersModel,
  { train, validation }: Pick<Splits, "train" | "validation">,
  augment: Network["augment"],
  options: FitOptions,
): Promise<History> {
  const { hyperparameters, seed, signal } = options;
  const stepper = createStepper(network, hyperparameters);
  const masks = dropoutMasks(network, createRandom(seed, "dropout"));
  const restoreConvolution = skipInputGradient(network);
  const order = createRandom(seed, "order");
  const prepare = preparation(augment, options);
  const clock = startClock(train.count, hyperparameters);
  const best = createBestWeights(network);
  const epochs: EpochResult[] = [];
  const { labels } = classified(validation);
  try {
    const indexes = Int32Array.from({ length: train.count }, (_, index) => index);
    for (let epoch = 1; epoch <= hyperparameters.epochs; epoch += 1) {
      const work = batches(
        classified(train),
        shuffled(indexes, order),
        hyperparameters.batchSize,
        prepare,
      );
      const learnt = await runEpoch(epoch, work, { stepper, masks, clock, options });
      const answers = await predict(network, validation, signal);
      const result: EpochResult = {
        ...learnt,
        validationLoss: logLoss(answers, labels),
        validationAccuracy: accuracy(answers, labels),
      };
      epochs.push(result);
      options.onProgress({ ...clock.at(epoch, 1), loss: result.loss, result });
      const standardError = logLossError(answers, labels);
      const age = best.offer(epoch, { mean: result.validationLoss, standardError });
      if (age >= hyperparameters.patience) break;
    }
    return { epochs, bestEpoch: best.restore() };
  } finally {
    restoreConvolution();
    masks.restore();
    best.dispose();
    stepper.dispose();
  }
}

interface EpochTools {
  readonly stepper: Stepper;
  readonly masks: DropoutMasks;
  readonly clock: Clock;
  readonly options: FitOptions;
}

async function runEpoch(
  epoch: number,
  work: ReturnType<typeof batches>,
  { stepper, masks, clock, options }: EpochTools,
): Promise<Omit<EpochResult, "validationLoss" | "validationAccuracy">> {
  const { hyperparameters, signal, onProgress } = options;
  const totals = { steps: 0, loss: 0, right: 0, count: 0, learningRate: 0 };
  for (const batch of work) {
    // Lets signals, sockets and timers have their turn: a step does not give way by itself.
    await setImmediate(undefined, { signal });
    masks.redraw();
    totals.learningRate = oneCycle(hyperparameters, clock.progress(epoch, totals.steps));
    const { loss, right } = stepper.step(batch, totals.learningRate);
    totals.steps += 1;
    if (!Number.isFinite(loss)) throw divergence(epoch, totals.steps, loss, hyperparameters);
    totals.loss += loss;
    totals.right += right;
    totals.count += batch.count;
    const share = totals.steps / clock.stepsPerEpoch;
    if (share < 1) onProgress({ ...clock.at(epoch, share), loss: totals.loss / totals.steps });
  }
  return {
    epoch,
    loss: totals.loss / totals.steps,
    accuracy: totals.right / totals.count,
    learningRate: totals.learningRate,
  };
}

function divergence(
  epoch: number,
  step: number,
  loss: number,
  { learningRate }: TrainingHyperparameters,
): Error {
  return new TrainingDivergedError(
    `the loss is ${loss} in epoch ${epoch}, step ${step}: training diverged; lower learningRate, which is ${learningRate}`,
  );
}

function preparation(augment: Network["augment"], { hyperparameters, seed }: FitOptions): Prepare {
  if (!augment) return (source, target) => target.set(source);
  const random = createRandom(seed, "augmentation");
  return (source, target) => augment(source, target, random, hyperparameters);
}
