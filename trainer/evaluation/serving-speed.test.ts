import * as tf from "@tensorflow/tfjs";
import { graphNetwork } from "@updraft/contracts/fixtures/graph-network";
import { describe, expect, it } from "vitest";
import { smallExamples, smallNetwork, smallShape } from "../fixtures/small-network.ts";
import { serialize } from "../packaging/serialize.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import { percentile, servingSpeed } from "./serving-speed.ts";

await loadTensorflow();
const { signal } = new AbortController();

/** A layer that only this process knows. */
class Unchanged extends tf.layers.Layer {
  static readonly className = "Unchanged";
}
tf.serialization.registerClass(Unchanged);

describe("servingSpeed", () => {
  it("times single instances and batches, also when there are few examples", async () => {
    const network = await serialize(smallNetwork());
    const speed = await servingSpeed(network, smallShape, smallExamples(3), signal);
    expect(speed.latencyP50Ms).toBeGreaterThan(0);
    expect(speed.latencyP95Ms).toBeGreaterThanOrEqual(speed.latencyP50Ms);
    expect(speed.throughputPerSecond).toBeGreaterThan(0);
    expect(Number.isFinite(speed.throughputPerSecond)).toBe(true);
  });

  it("times a network that is a graph too", async () => {
    const network = graphNetwork(
      [
        [1, 0],
        [0, 1],
      ],
      { softmax: true },
    );
    const examples = { count: 2, inputs: Float32Array.of(1, 2, 3, 4) };
    const speed = await servingSpeed(network, [2], examples, signal);
    expect(speed.latencyP50Ms).toBeGreaterThan(0);
    expect(speed.throughputPerSecond).toBeGreaterThan(0);
  });

  it("says that the network could not be served", async () => {
    const network = tf.sequential({ layers: [new Unchanged({ inputShape: [2] })] });
    const examples = { count: 1, inputs: Float32Array.of(1, 2) };
    const timed = servingSpeed(await serialize(network), [2], examples, signal);
    await expect(timed).rejects.toThrow(
      /^the engine that serves \(WebAssembly\) cannot run the network: Unknown layer: Unchanged/,
    );
  });

  it("stops when it is told to", async () => {
    const network = await serialize(smallNetwork());
    const reason = new Error("stopped");
    const controller = new AbortController();
    const timed = servingSpeed(network, smallShape, smallExamples(3), controller.signal);
    controller.abort(reason);
    await expect(timed).rejects.toBe(reason);
  });
});

describe("percentile", () => {
  it("takes the smallest value that the share does not exceed", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.95)).toBe(95);
    expect(percentile([7], 0.95)).toBe(7);
  });
});
