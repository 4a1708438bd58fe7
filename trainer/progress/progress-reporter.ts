import { createProgressBar } from "./progress-bar.ts";
import { progressLine, progressLines } from "./progress-lines.ts";
import { lastOfEpoch, type TrackedRun } from "../tracking/tracking.ts";
import type { Progress } from "../training/fit.ts";
import type { EpochResult } from "../training/history.ts";

/** Tells people and the tracker how a training goes. */
export interface ProgressReporter {
  /** Takes a line for people while it trains. */
  readonly say: (line: string) => void;
  readonly onProgress: (progress: Progress) => void;
  /** Notes an epoch that another process has trained, unless the run has it. */
  readonly note: (result: EpochResult) => void;
  /** Nothing more comes. */
  readonly stop: () => void;
}

/** Where a training is shown. */
export interface ReportedTraining {
  readonly epochs: number;
  readonly run: TrackedRun;
  /** Takes a line for people. */
  readonly say: (line: string) => void;
  /** Shows a bar, where people look at it. */
  readonly terminal?: NodeJS.WritableStream | undefined;
}

/** A bar on a terminal and a line after each epoch, or lines only. */
export function progressReporter({
  epochs,
  run,
  say,
  terminal,
}: ReportedTraining): ProgressReporter {
  const note = (result: EpochResult, more: Readonly<Record<string, number>> = {}) => {
    if (run.loggedEpochs.has(result.epoch)) return;
    run.noteMetrics(result.epoch, { ...metricsOf(result), ...more, ...lastMetric(result) });
  };
  const shown = terminal ? onTerminal(terminal, epochs) : inLines(epochs, say);
  return {
    ...shown,
    onProgress(progress) {
      shown.show(progress);
      const { result, examplesPerSecond } = progress;
      if (result) note(result, { examples_per_second: examplesPerSecond });
    },
    note,
  };
}

interface Shown {
  readonly show: (progress: Progress) => void;
  readonly say: (line: string) => void;
  readonly stop: () => void;
}

function onTerminal(terminal: NodeJS.WritableStream, epochs: number): Shown {
  const bar = createProgressBar(terminal, epochs);
  return {
    show(progress) {
      bar.show(progress);
      if (progress.result) bar.say(progressLine(progress, epochs));
    },
    say: bar.say,
    stop: bar.stop,
  };
}

function inLines(epochs: number, say: (line: string) => void): Shown {
  const lineOf = progressLines(epochs, () => performance.now());
  return {
    show(progress) {
      const line = lineOf(progress);
      if (line !== undefined) say(line);
    },
    say,
    stop() {},
  };
}

function metricsOf({ loss, accuracy, validationLoss, validationAccuracy }: EpochResult) {
  return {
    train_loss: loss,
    ...(accuracy === undefined ? {} : { train_accuracy: accuracy }),
    val_loss: validationLoss,
    ...(validationAccuracy === undefined ? {} : { val_accuracy: validationAccuracy }),
  };
}

/** What is noted last of an epoch. */
function lastMetric({ learningRate }: EpochResult) {
  return { [lastOfEpoch]: learningRate };
}
