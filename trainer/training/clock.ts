import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import { stepsPerEpoch } from "./batches.ts";

/** How far training is and how fast it goes. */
export interface Pace {
  /** From 1. */
  readonly epoch: number;
  /** Share of the epoch's steps that are done, in (0, 1]. */
  readonly share: number;
  readonly examplesPerSecond: number;
  /** At this speed and without stopping early. */
  readonly secondsLeft: number;
}

/** Counts steps and time. */
export interface Clock {
  readonly stepsPerEpoch: number;
  /** Share of all epochs' steps that are done before a step of an epoch. */
  progress(epoch: number, step: number): number;
  at(epoch: number, share: number): Pace;
  /** Starts again after epochs that were done before. */
  skip(epochs: number): void;
}

/** Starts the time. @param count examples that are trained on */
export function startClock(
  count: number,
  { epochs, batchSize }: Pick<TrainingHyperparameters, "epochs" | "batchSize">,
): Clock {
  const steps = stepsPerEpoch(count, batchSize);
  let started = performance.now();
  let skipped = 0;
  return {
    stepsPerEpoch: steps,
    progress: (epoch, step) => (epoch - 1 + step / steps) / epochs,
    at(epoch, share) {
      const seconds = (performance.now() - started) / 1000;
      const done = epoch - 1 + share;
      const doneHere = done - skipped;
      return {
        epoch,
        share,
        examplesPerSecond: (doneHere * steps * Math.min(batchSize, count)) / seconds,
        secondsLeft: (seconds / doneHere) * (epochs - done),
      };
    },
    skip(finished) {
      skipped = finished;
      started = performance.now();
    },
  };
}
