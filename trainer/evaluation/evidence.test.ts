import { digestOf } from "@updraft/contracts/digest";
import { describe, expect, it } from "vitest";
import { evidenceLine, evidenceOf, intervalMetrics } from "./evidence.ts";

const labels = Int32Array.from({ length: 100 }, (_, index) => index % 2);

/** Answers for the labels, the first ones of them wrong. */
function answersWith(wrong: number): Float32Array {
  const probabilities = new Float32Array(200);
  for (const [index, label] of labels.entries()) {
    probabilities[2 * index + (index < wrong ? 1 - label : label)] = 1;
  }
  return probabilities;
}

const champion = {
  version: "4",
  digest: digestOf("champion"),
  accuracy: 0.9,
  metrics: { accuracy: 0.9, sizeBytes: 1000 },
  probabilities: answersWith(10),
};

describe("evidence", () => {
  it("compares a package with the champion on the same examples", () => {
    const { comparison } = evidenceOf({ probabilities: answersWith(8), labels }, champion, 1);
    expect(comparison).toMatchObject({
      version: "4",
      digest: champion.digest,
      metrics: champion.metrics,
      differences: { accuracy: { value: 0.02, low: 0 }, f1: {} },
    });
  });

  it("has intervals without a champion too", () => {
    const alone = evidenceOf({ probabilities: answersWith(8), labels }, undefined, 1);
    expect(alone).toEqual({
      ...evidenceOf({ probabilities: answersWith(8), labels }, champion, 1),
      comparison: undefined,
    });
    expect(Object.keys(alone.intervals)).toEqual(["accuracy", "f1", "minRecallPerClass"]);
  });

  it("is a metric for each bound, and a line", () => {
    const intervals = { accuracy: { low: 0.85, high: 0.97 }, f1: { low: 0.8, high: 1 } };
    expect(intervalMetrics(intervals)).toEqual({
      accuracy_low: 0.85,
      accuracy_high: 0.97,
      f1_low: 0.8,
      f1_high: 1,
    });
    expect(evidenceLine({ intervals, comparison: undefined }, 0.92)).toBe(
      "accuracy 0.9200 (0.8500 to 0.9700)",
    );
    const { version, digest, metrics } = champion;
    const differences = { accuracy: { value: 0.02, low: -0.01, high: 0.05 } };
    const comparison = { version, digest, metrics, differences };
    expect(evidenceLine({ intervals, comparison }, 0.92)).toBe(
      "accuracy 0.9200 (0.8500 to 0.9700), champion version 4 0.9000, difference +0.0200 (-0.0100 to 0.0500)",
    );
  });
});
