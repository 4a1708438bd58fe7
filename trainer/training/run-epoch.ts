import { setImmediate } from "node:timers/promises";
import type { Examples } from "@updraft/models/dataset";
import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import type { Pace } from "./clock.ts";
import type { EpochResult } from "./history.ts";
import type { Learner } from "./learner.ts";
import { predict } from "./predict.ts";

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
  const { loss, accuracy } = learner.objective.validate(answers, validation.labels);
  if (!Number.isFinite(loss.mean)) throw divergence(options, { epoch, loss: loss.mean });
  learner.best.offer(epoch, loss);
  learner.schedule.observe(loss.mean);
  return {
    ...learnt,
    validationLoss: loss.mean,
    ...(accuracy === undefined ? {} : { validationAccuracy: accuracy }),
  };
}

async function learn(
  epoch: number,
  { objective, stepper, schedule, masks, clock, epochBatches }: Learner,
  options: EpochOptions,
): Promise<Omit<EpochResult, "validationLoss" | "validationAccuracy">> {
  const totals = { steps: 0, loss: 0, right: 0, count: 0, learningRate: 0 };
  for (const batch of epochBatches()) {
    // Lets signals, sockets and timers have their turn: a step does not give way by itself.
    await setImmediate(undefined, { signal: options.signal });
    masks.redraw();
    totals.learningRate = schedule.rate(epoch, clock.progress(epoch, totals.steps));
    const { loss, right } = stepper.step(batch, totals.learningRate);
    totals.steps += 1;
    if (!Number.isFinite(loss)) throw divergence(options, { epoch, step: totals.steps, loss });
    totals.loss += loss;
    totals.right += right;
    totals.count += batch.count;
    const share = totals.steps / clock.stepsPerEpoch;
    const meanLoss = totals.loss / totals.steps;
    if (share < 1) options.onProgress({ ...clock.at(epoch, share), loss: meanLoss });
  }
  return {
    epoch,
    loss: totals.loss / totals.steps,
    ...(objective.countRight ? { accuracy: totals.right / totals.count } : {}),
    learningRate: totals.learningRate,
  };
}

/** Where the loss was no number. */
interface Divergence {
  readonly epoch: number;
  /** None of a validation. */
  readonly step?: number;
  readonly loss: number;
}

function divergence(
  { hyperparameters }: EpochOptions,
  { epoch, step, loss }: Divergence,
): TrainingDivergedError {
  const { learningRate, clipNorm } = hyperparameters;
  const where =
    step === undefined ? `the validation of epoch ${epoch}` : `epoch ${epoch}, step ${step}`;
  if (epoch === 1 && step === 1) {
    return new TrainingDivergedError(
      `the loss is ${loss} in ${where}, before anything was learnt: the network gives no numbers for the first examples; look for values in the data that are missing or far too large`,
    );
  }
  const clipping =
    clipNorm === 0
      ? "set clipNorm, such as 1, which bounds gradients that explode"
      : `clipNorm, which is ${clipNorm}`;
  return new TrainingDivergedError(
    `the loss is ${loss} in ${where}: training diverged; lower learningRate, which is ${learningRate}, or ${clipping}`,
  );
}
