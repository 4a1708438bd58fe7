import { describe, expect, it } from "vitest";
import type { Network, Pipeline } from "./engine.ts";
import { MicroBatcher } from "./micro-batcher.ts";

/** A network that adds one and waits to be told to answer. */
function steppedNetwork(pipeline?: Pipeline) {
  const sizes: number[] = [];
  const steps: (() => void)[] = [];
  const network: Network = {
    pipeline,
    async predict(batch, size) {
      sizes.push(size);
      await new Promise<void>((resolve) => steps.push(resolve));
      return batch.map((value) => value + 1);
    },
    dispose: () => undefined,
  };
  const step = async () => {
    while (steps.length === 0) await new Promise((resolve) => setImmediate(resolve));
    steps.shift()?.();
  };
  return { network, sizes, step };
}

describe("MicroBatcher", () => {
  const lengths = { inputLength: 1, outputLength: 1 };

  it("runs together what arrives while the engine is busy, and answers each its own", async () => {
    const { network, sizes, step } = steppedNetwork();
    const batcher = new MicroBatcher(network, lengths);
    const first = batcher.predict(Float32Array.of(1), 1);
    while (sizes.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const others = [
      batcher.predict(Float32Array.of(2), 1),
      batcher.predict(Float32Array.of(3, 4), 2),
    ];
    await step();
    await step();
    expect(await first).toEqual(Float32Array.of(2));
    expect(await Promise.all(others)).toEqual([Float32Array.of(3), Float32Array.of(4, 5)]);
    expect(sizes).toEqual([1, 3]);
  });

  it("keeps to the largest batch, but never splits a request", async () => {
    const { network, sizes, step } = steppedNetwork();
    const batcher = new MicroBatcher(network, { ...lengths, maxBatchSize: 2 });
    const answers = [1, 1, 3, 1].map((size) => batcher.predict(new Float32Array(size), size));
    await step();
    await step();
    await step();
    await Promise.all(answers);
    expect(sizes).toEqual([2, 3, 1]);
  });

  it("fills a pipeline as requests come, and lets the rest wait until there is room", async () => {
    const { network, sizes, step } = steppedNetwork({ batches: 2, size: 4 });
    const batcher = new MicroBatcher(network, lengths);
    const ask = (count: number) =>
      Array.from({ length: count }, (_, at) => batcher.predict(Float32Array.of(at), 1));
    const answers = ask(9);
    // Half a batch for an engine that has nothing to do, then whole ones, before the turn is over.
    expect(sizes).toEqual([2, 4]);
    expect(batcher.queuedInstances).toBe(3);
    answers.push(...ask(2));
    await step();
    expect(await answers[0]).toEqual(Float32Array.of(1));
    await expect.poll(() => sizes).toEqual([2, 4, 4]);
    await step();
    await step();
    await step();
    expect((await Promise.all(answers)).map(([value]) => value)).toEqual(
      [...Array(9).keys(), ...Array(2).keys()].map((value) => value + 1),
    );
    expect(sizes).toEqual([2, 4, 4, 1]);
  });

  it("refuses what would make the queue too long", async () => {
    const { network, step } = steppedNetwork();
    const batcher = new MicroBatcher(network, { ...lengths, maxQueueSize: 2 });
    const waiting = batcher.predict(new Float32Array(2), 2);
    expect(() => batcher.predict(new Float32Array(1), 1)).toThrow(
      "2 instances are waiting, more than the 2 that may",
    );
    await step();
    await waiting;
  });

  it("drops what has waited too long, and answers what was asked later", async () => {
    const { network, sizes, step } = steppedNetwork();
    const batcher = new MicroBatcher(network, { ...lengths, maxWaitSeconds: 0.05 });
    const running = batcher.predict(Float32Array.of(1), 1);
    while (sizes.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const late = batcher.predict(new Float32Array(2), 2);
    await expect(late).rejects.toThrow("waited longer than 0.05 s for its turn and was dropped");
    expect(batcher.queuedInstances).toBe(0);
    const later = batcher.predict(Float32Array.of(5), 1);
    await step();
    await step();
    expect(await Promise.all([running, later])).toEqual([Float32Array.of(2), Float32Array.of(6)]);
    expect(sizes).toEqual([1, 1]);
  });

  it("fails the requests of a batch that fails, and serves the next", async () => {
    let broken = true;
    const batcher = new MicroBatcher(
      {
        async predict(batch) {
          if (broken) throw new Error("out of memory");
          return batch;
        },
        dispose: () => undefined,
      },
      lengths,
    );
    await expect(batcher.predict(Float32Array.of(1), 1)).rejects.toThrow("out of memory");
    broken = false;
    expect(await batcher.predict(Float32Array.of(1), 1)).toEqual(Float32Array.of(1));
  });
});
