import { MultiBar } from "cli-progress";
import { progressLine } from "./progress-lines.ts";
import type { Progress } from "../training/fit.ts";

/** Where training is, on one line of a terminal that is written over again and again. */
export interface ProgressBar {
  show(progress: Progress): void;
  /** Writes a line that stays, above the bar. */
  say(line: string): void;
  /** Takes the bar away; what was said stays. */
  stop(): void;
}

/** How fine the bar is: parts of an epoch. */
const parts = 100;

/** Starts a bar. @param epochs of the whole training */
export function createProgressBar(terminal: NodeJS.WritableStream, epochs: number): ProgressBar {
  const bars = new MultiBar({
    stream: terminal,
    format: "[{bar}] {percentage} %  {line}",
    barCompleteChar: "=",
    barIncompleteChar: " ",
    barsize: 20,
    clearOnComplete: true,
    // What is killed in between must leave a terminal as it was: lines are cut, not unwrapped.
    hideCursor: false,
    linewrap: true,
    // Signals are the trainer's own.
    gracefulExit: false,
  });
  const bar = bars.create(epochs * parts, 0, { line: "" });
  return {
    show(progress) {
      const done = (progress.epoch - 1 + progress.share) * parts;
      bar.update(Math.floor(done), { line: progressLine(progress, epochs) });
    },
    say: (line) => bars.log(`${line.trimEnd()}\n`),
    stop() {
      bars.update();
      bars.stop();
    },
  };
}
