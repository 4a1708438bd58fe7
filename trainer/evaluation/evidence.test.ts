import { digestOf } from "@updraft/contracts/digest";
import { describe, expect, it } from "vitest";
import { evidenceLine, intervalMetrics } from "./evidence.ts";

describe("evidence", () => {
  it("is a metric for each bound, and a line", () => {
    const intervals = { accuracy: { low: 0.85, high: 0.97 }, f1: { low: 0.8, high: 1 } };
    expect(intervalMetrics(intervals)).toEqual({
      accuracy_low: 0.85,
      accuracy_high: 0.97,
      f1_low: 0.8,
      f1_high: 1,
    });
    expect(evidenceLine({ intervals, comparison: undefined }, ["accuracy", 0.92])).toBe(
      "accuracy 0.9200 (0.8500 to 0.9700)",
    );
    const differences = { accuracy: { value: 0.02, low: -0.01, high: 0.05 } };
    const digest = digestOf("champion");
    const comparison = { version: "4", digest, metrics: { accuracy: 0.9 }, differences };
    expect(evidenceLine({ intervals, comparison }, ["accuracy", 0.92])).toBe(
      "accuracy 0.9200 (0.8500 to 0.9700), champion version 4 0.9000, difference +0.0200 (-0.0100 to 0.0500)",
    );
  });

  it("speaks of a regressor's R²", () => {
    const evidence = { intervals: { r2: { low: -0.1, high: 0.4 } }, comparison: undefined };
    expect(evidenceLine(evidence, ["r2", 0.25])).toBe("R² 0.2500 (-0.1000 to 0.4000)");
  });
});
