import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createProgressBar } from "./progress-bar.ts";
import type { Progress } from "../training/fit.ts";

/** A terminal of 120 columns, and what it has been sent, without the sequences that move about. */
function terminal() {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
  let sent = "";
  stream.on("data", (chunk: Buffer) => (sent += chunk.toString()));
  const escape = String.fromCodePoint(27);
  const text = () => sent.replaceAll(new RegExp(`${escape}\\[[0-9;?]*[A-Za-z]`, "g"), "\r");
  return { stream, sent: () => sent, lines: () => text().split(/[\r\n]+/) };
}

const progress: Progress = {
  epoch: 3,
  share: 0.5,
  loss: 0.0312,
  examplesPerSecond: 5210,
  secondsLeft: 14,
};

describe("the bar of a training", () => {
  it("shows on one line how far all epochs are, and how the training goes", () => {
    const { stream, lines } = terminal();
    const bar = createProgressBar(stream, 5);
    bar.show(progress);
    bar.stop();
    expect(lines()).toContain(
      "[==========          ] 50 %  epoch 3/5  50 %  loss 0.0312  5,210 examples/s  14 s left",
    );
  });

  it("is cut where the terminal ends", () => {
    const { stream, lines } = terminal();
    stream.columns = 40;
    const bar = createProgressBar(stream, 5);
    bar.show(progress);
    bar.stop();
    expect(lines()).toContain("[==========          ] 50 %  epoch 3/5  ");
  });

  it("leaves what was said above it, and goes away in the end", () => {
    const { stream, sent, lines } = terminal();
    const bar = createProgressBar(stream, 5);
    bar.say("epoch 1/5  loss 0.2");
    bar.stop();
    expect(lines()).toContain("epoch 1/5  loss 0.2");
    const afterBar = sent().slice(sent().lastIndexOf("]"));
    const clearToTheEnd = `${String.fromCodePoint(27)}[0J`;
    expect(afterBar).toContain(clearToTheEnd);
  });

  it("leaves signals to the trainer, and the terminal as it was", () => {
    const before = process.listenerCount("SIGINT");
    const { stream, sent } = terminal();
    const bar = createProgressBar(stream, 5);
    expect(process.listenerCount("SIGINT")).toBe(before);
    bar.stop();
    expect(sent()).not.toContain(`${String.fromCodePoint(27)}[?`);
  });
});
