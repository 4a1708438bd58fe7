import { expect, it } from "vitest";
import { calibrationError, calibrationOf, confidencesOf } from "./calibration.ts";

// Confidences 0.75 (right), 0.75 (wrong), 1 (right) and 0.5 (right: the first of equal ones).
const probabilities = Float32Array.of(0.75, 0.25, 0.75, 0.25, 0, 1, 0.5, 0.5);
const labels = Int32Array.of(0, 1, 1, 0);
const all = confidencesOf(probabilities, labels);

it("sorts answers by how sure they were into fifteen bins", () => {
  const table = calibrationOf(all);
  expect(table).toHaveLength(15);
  expect(table.filter(({ count }) => count > 0)).toEqual([
    { low: 7 / 15, high: 8 / 15, count: 1, confidence: 0.5, accuracy: 1 },
    { low: 11 / 15, high: 12 / 15, count: 2, confidence: 0.75, accuracy: 0.5 },
    { low: 14 / 15, high: 1, count: 1, confidence: 1, accuracy: 1 },
  ]);
});

it("has the mean distance of confidence and accuracy as its error", () => {
  expect(calibrationError(all)).toBe((1 * 0.5 + 2 * 0.25) / 4);
  expect(calibrationError(all, Int32Array.of(2, 0, 1, 0))).toBe((2 * 0.25) / 3);
});

it("puts a confidence between two bins into the lower one", () => {
  const [bin] = confidencesOf(Float32Array.of(0.6, 0.4), Int32Array.of(0)).binOf;
  // 0.6 is 9 / 15; as float32 it is a little more.
  expect(bin).toBe(9);
  expect(confidencesOf(Float32Array.of(1, 0), Int32Array.of(0)).binOf[0]).toBe(14);
});
