import { expect, it } from "vitest";
import { smallExamples, smallNetwork } from "../fixtures/small-network.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import { latencyP95Ms, percentile } from "./latency.ts";

await loadTensorflow();

it("takes the smallest value that the share does not exceed", () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(values, 0.95)).toBe(95);
  expect(percentile([7], 0.95)).toBe(7);
});

it("times single instances, also when there are few", async () => {
  const milliseconds = await latencyP95Ms(
    smallNetwork(),
    smallExamples(3),
    new AbortController().signal,
  );
  expect(milliseconds).toBeGreaterThan(0);
  expect(milliseconds).toBeLessThan(1000);
});
