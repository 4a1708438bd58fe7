import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import type { TrainingProgress } from "./training-state.ts";

/** What the learning rate follows from. */
export type ScheduleOptions = Pick<
  TrainingHyperparameters,
  "schedule" | "learningRate" | "warmUp" | "decayFactor" | "decayEpochs"
>;

/** The learning rate in the course of a training. */
export interface Schedule {
  /**
   * That of a step.
   * @param epoch from 1
   * @param progress share of all steps that are done, in [0, 1)
   */
  rate(epoch: number, progress: number): number;
  /** Takes the validation loss of an epoch. */
  observe(loss: number): void;
  save(): Plateau;
  restore(plateau: Plateau): void;
}

/** What `reduceOnPlateau` has seen. */
export type Plateau = TrainingProgress["plateau"];

/** Share of the highest learning rate that a rise starts with. */
const start = 0.04;

/** The schedule that hyperparameters name. */
export function createSchedule(options: ScheduleOptions): Schedule {
  let plateau: Plateau = { reductions: 0, age: 0 };
  return {
    rate: (epoch, progress) => learningRate(options, { epoch, progress, ...plateau }),
    observe(loss) {
      plateau = afterEpoch(plateau, loss, options);
    },
    save: () => plateau,
    restore(saved) {
      plateau = saved;
    },
  };
}

/** Where a training is, as far as its learning rate goes. */
export interface Point {
  /** From 1. */
  readonly epoch: number;
  /** Share of all steps that are done, in [0, 1). */
  readonly progress: number;
  /** How often the validation loss has asked for a lower rate. */
  readonly reductions: number;
}

/** The learning rate at a point of the training. */
export function learningRate(options: ScheduleOptions, point: Point): number {
  const { schedule, learningRate: highest, warmUp, decayFactor, decayEpochs } = options;
  if (schedule === "oneCycle") return oneCycle(options, point.progress);
  const rise = point.progress < warmUp ? rising(point.progress / warmUp) : 1;
  if (schedule === "cosine") return highest * rise * falling(point.progress);
  if (schedule === "step") {
    return highest * rise * decayFactor ** Math.floor((point.epoch - 1) / decayEpochs);
  }
  if (schedule === "reduceOnPlateau") return highest * rise * decayFactor ** point.reductions;
  return highest * rise;
}

/** What is known after another epoch. An epoch counts as better if its loss is lower at all. */
export function afterEpoch(
  { reductions, age, lowest }: Plateau,
  loss: number,
  { decayEpochs }: Pick<ScheduleOptions, "decayEpochs">,
): Plateau {
  if (lowest === undefined || loss < lowest) return { reductions, age: 0, lowest: loss };
  if (age + 1 < decayEpochs) return { reductions, age: age + 1, lowest };
  return { reductions: reductions + 1, age: 0, lowest };
}

/**
 * Rises along a line and falls along a cosine, which begins when the rise ends.
 * @see https://arxiv.org/abs/1708.07120
 */
function oneCycle({ learningRate: highest, warmUp }: ScheduleOptions, progress: number): number {
  if (progress < warmUp) return highest * rising(progress / warmUp);
  return highest * falling(warmUp < 1 ? (progress - warmUp) / (1 - warmUp) : 1);
}

/** Share of the highest rate in a rise. @param share of the rise that is done, in [0, 1) */
function rising(share: number): number {
  return start + (1 - start) * share;
}

/** Share of the highest rate in a fall. @param share of the fall that is done, in [0, 1] */
function falling(share: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * share));
}
