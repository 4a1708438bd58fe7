import { expect, it } from "vitest";
import { progressLine, progressLines } from "./progress-lines.ts";

const progress = {
  epoch: 3,
  share: 0.505,
  loss: 0.03119,
  examplesPerSecond: 5210.4,
  secondsLeft: 14.4,
};
const result = {
  epoch: 3,
  loss: 0.03119,
  accuracy: 0.98,
  validationLoss: 0.02,
  validationAccuracy: 0.98742,
  learningRate: 0.001,
};

it("says epoch, loss, accuracy, speed and time left", () => {
  expect(progressLine({ ...progress, share: 1, result }, 12)).toBe(
    "epoch 3/12  loss 0.0312  accuracy 0.9874  5,210 examples/s  14 s left",
  );
  expect(progressLine(progress, 12)).toBe(
    "epoch 3/12  50 %  loss 0.0312  5,210 examples/s  14 s left",
  );
});

it("speaks at the end of each epoch, and within one every two seconds", () => {
  let now = 0;
  const lineOf = progressLines(12, () => now);
  const at = (milliseconds: number, ended = false) => {
    now = milliseconds;
    return lineOf(ended ? { ...progress, result } : progress) !== undefined;
  };
  expect([at(500), at(1999), at(2000), at(2500), at(3000, true), at(4999), at(5000)]).toEqual([
    false,
    false,
    true,
    false,
    true,
    false,
    true,
  ]);
});
