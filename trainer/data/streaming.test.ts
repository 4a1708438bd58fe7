import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { batches } from "../training/batches.ts";

const count = 2048;
const width = 784;
const batchSize = 128;
const examples = {
  count,
  inputs: new Uint8Array(count * width).fill(7),
  labels: new Int32Array(count),
};
const order = Int32Array.from(examples.labels.keys());

/** Goes through all batches, some times, and keeps none; the bytes of buffers that are left. */
function bytesAfter(epochs: number): number {
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const work = batches(examples, order, batchSize, (source, target) => target.set(source));
    for (const { inputs } of work) expect(inputs[0]).toBe(7);
  }
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

it("prepares a batch only when it is asked for", () => {
  let prepared = 0;
  const work = batches(examples, order, batchSize, () => (prepared += 1));
  expect(prepared).toBe(0);
  work.next();
  expect(prepared).toBe(batchSize);
  work.next();
  expect(prepared).toBe(2 * batchSize);
});

it("needs no more memory for many epochs than for one", () => {
  const bytesOfBatch = batchSize * width * Float32Array.BYTES_PER_ELEMENT;
  const afterOne = bytesAfter(1);
  expect(bytesAfter(20) - afterOne).toBeLessThan(bytesOfBatch);
});
