import { setImmediate } from "node:timers/promises";
import { classified, type Examples } from "@updraft/models/dataset";
import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import { accuracy, logLoss, logLossError } from "../evaluation/measures.ts";
import type { Pace } from "./clock.ts";
import type { EpochResult } from "./history.ts";
import type { Learner } from "./learner.ts";
import { predict } from "./predict.ts";
import { oneCycle } from "./schedule.ts";

/** Where training is, for people. */
export interface Progress extends Pace {
  /** Mean over the epoch so far. */
  readonly loss: number;
  /** Set at an epoch's end. */
  readonly result?: EpochResult;
}

/** What an epoch is told. */
export interface EpochOptions {
  readonly hyperparameters: TrainingHyperparameters;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** The loss is no number any more: these hyperparameters lead nowhere. */
export class TrainingDivergedError extends Error {
  override readonly name = "TrainingDivergedError";
}

/** Trains for one epoch, and compares its weights with the best so far. @param epoch from 1 */
export async function runEpoch(
  epoch: number,
  learner: Learner,
  validation: Examples,
  options: EpochOptions,
): Promise<EpochResult> {
  const learnt = await learn(epoch, learner, options);
  const answers = await predict(learner.network, validation, options.signal);
  const { labels } = classified(validation);
  const result: EpochResult = {
    ...learnt,
    validationLoss: logLoss(answers, labels),
    validationAccuracy: accuracy(answers, labels),
  };
  const standardError = logLossError(answers, labels);
  learner.best.offer(epoch, { mean: result.validationLoss, standardError });
  return result;
}

async function learn(
  epoch: number,
  { stepper, masks, clock, epochBatches }: Learner,
  { hyperparameters, signal, onProgress }: EpochOptions,
): Promise<Omit<EpochResult, "validationLoss" | "validationAccuracy">> {
  const totals = { steps: 0, loss: 0, right: 0, count: 0, learningRate: 0 };
  for (const batch of epochBatches()) {
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
