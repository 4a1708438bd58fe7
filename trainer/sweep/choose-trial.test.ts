import { digestOf } from "@updraft/contracts/digest";
import { describe, expect, it } from "vitest";
import type { RecordedTrial } from "../tracking/tracking.ts";
import { chooseTrial } from "./choose-trial.ts";

const inputs = { datasetDigest: digestOf("data"), codeDigest: digestOf("code") };

function trial(index: number, accuracy: number, changes: Partial<RecordedTrial> = {}) {
  const runId = changes.runId ?? `run-${index}`;
  const metrics = { val_accuracy: accuracy, val_loss: 1 - accuracy };
  const digest = digestOf(`package ${index}`);
  const base = { index, runId, status: "FINISHED", startedAt: index, digest, metrics } as const;
  return { ...base, uri: `file:///models/${index}`, failure: undefined, ...inputs, ...changes };
}

const indexesOf = (trials: readonly { index: number }[]) => trials.map(({ index }) => index);

describe("chooseTrial", () => {
  it("takes the highest accuracy, and the first of several that are equal", () => {
    const runs = [trial(2, 0.98), trial(0, 0.9), trial(1, 0.98), trial(3, 0.97)];
    const { best, ranking, skipped } = chooseTrial(runs, "val_accuracy", inputs);
    expect(best).toEqual({
      index: 1,
      runId: "run-1",
      digest: digestOf("package 1"),
      uri: "file:///models/1",
      value: 0.98,
    });
    expect(indexesOf(ranking)).toEqual([1, 2, 3, 0]);
    expect(skipped).toEqual([]);
  });

  it("takes the lowest loss where that decides", () => {
    const metrics = { val_accuracy: 0.1, val_loss: 0.01 };
    const runs = [trial(0, 0.9), trial(1, 0.5, { metrics })];
    expect(chooseTrial(runs, "val_loss", inputs).best?.index).toBe(1);
  });

  it("passes over what cannot be released, and says why", () => {
    const runs = [
      trial(0, 0.9),
      trial(1, 0.99, { status: "FAILED", failure: "the loss is NaN" }),
      trial(2, 0.99, { status: "RUNNING" }),
      trial(3, 0.99, { datasetDigest: digestOf("other") }),
      trial(4, 0.99, { codeDigest: undefined }),
      trial(5, 0.99, { digest: undefined }),
      trial(6, Number.NaN),
      trial(7, 0.99, { status: "KILLED" }),
    ];
    const { ranking, skipped } = chooseTrial(runs, "val_accuracy", inputs, 9);
    expect(indexesOf(ranking)).toEqual([0]);
    expect(skipped).toEqual([
      "trial 1 is passed over: the loss is NaN",
      "trial 2 is passed over: its run run-2 has not ended",
      "trial 3 is passed over: it was trained on other data",
      "trial 4 is passed over: it was trained by other code",
      "trial 5 is passed over: its run run-5 names no package with a val_accuracy",
      "trial 6 is passed over: its run run-6 names no package with a val_accuracy",
      "trial 7 is passed over: its run run-7 is KILLED",
      "trial 8 is passed over: it never began",
    ]);
  });

  it("takes the latest good run of a trial that ran more than once", () => {
    const runs = [
      trial(0, 0.5, { runId: "first", startedAt: 1 }),
      trial(0, 0.6, { runId: "second", startedAt: 2 }),
      trial(0, 0.7, { runId: "third", startedAt: 3, status: "FAILED" }),
    ];
    expect(chooseTrial(runs, "val_accuracy", inputs).best?.runId).toBe("second");
  });

  it("has no best without any trial", () => {
    expect(chooseTrial([], "val_accuracy", inputs)).toEqual({
      best: undefined,
      ranking: [],
      skipped: [],
    });
  });
});
