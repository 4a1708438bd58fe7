import type { Progress } from "../training/fit.ts";
import type { EpochResult } from "../training/history.ts";

/** How often training says something within an epoch, in milliseconds. */
const pauseMs = 2000;

/**
 * What to print as training goes on: each epoch's result, and within long epochs a line now and
 * then.
 * @param now in milliseconds
 */
export function progressLines(
  epochs: number,
  now: () => number,
): (progress: Progress) => string | undefined {
  let last = now();
  return (progress) => {
    if (!progress.result && now() - last < pauseMs) return undefined;
    last = now();
    return progressLine(progress, epochs);
  };
}

/** `epoch 3/12  loss 0.0312  accuracy 0.9874  5,210 examples/s  14 s left` */
export function progressLine(progress: Progress, epochs: number): string {
  const { epoch, share, loss, result, examplesPerSecond, secondsLeft } = progress;
  return [
    `epoch ${epoch}/${epochs}`,
    ...(result ? [] : [`${Math.floor(share * 100)} %`]),
    `loss ${loss.toFixed(4)}`,
    ...(result ? [resultOf(result)] : []),
    `${Math.round(examplesPerSecond).toLocaleString("en-US")} examples/s`,
    `${Math.round(secondsLeft)} s left`,
  ].join("  ");
}

function resultOf({ validationAccuracy, validationLoss }: EpochResult): string {
  return validationAccuracy === undefined
    ? `validation loss ${validationLoss.toFixed(4)}`
    : `accuracy ${validationAccuracy.toFixed(4)}`;
}
