import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import type { Examples } from "@updraft/models/dataset";
import type { PackagedNetwork } from "../packaging/serialize.ts";

const warmUps = 10;
const rounds = 100;

/** The 95th percentile of the time to answer one instance in this process, in milliseconds. */
export async function latencyP95Ms(
  network: PackagedNetwork,
  { inputs, count }: Pick<Examples, "inputs" | "count">,
  signal: AbortSignal,
): Promise<number> {
  const width = inputs.length / count;
  const shape = network.inputs[0]?.shape?.slice(1).map((size) => size ?? 1) ?? [];
  const times: number[] = [];
  for (let round = 0; round < warmUps + rounds; round += 1) {
    await setImmediate(undefined, { signal });
    const start = (round % count) * width;
    const instance = Float32Array.from(inputs.subarray(start, start + width));
    const started = performance.now();
    tf.tidy(() => {
      const answer = network.predict(tf.tensor(instance, [1, ...shape]));
      if (!(answer instanceof tf.Tensor)) throw new Error("the network has several outputs");
      answer.dataSync();
    });
    times.push(performance.now() - started);
  }
  return percentile(times.slice(warmUps), 0.95);
}

/** The smallest value that at least a share of all values does not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
