import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import type { Examples } from "@updraft/models/dataset";
import type { PackagedNetwork } from "../packaging/serialize.ts";

const batchSize = 256;

/**
 * A network's answers for all examples, one after another as it gives them.
 * @param signal stops between two batches
 */
export async function predict(
  network: PackagedNetwork,
  examples: Pick<Examples, "count" | "inputs">,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const shape = network.inputs[0]?.shape?.slice(1).map((size) => size ?? 1) ?? [];
  const width = examples.inputs.length / examples.count;
  const parts: Float32Array[] = [];
  for (let start = 0; start < examples.count; start += batchSize) {
    await setImmediate(undefined, { signal });
    const end = Math.min(start + batchSize, examples.count);
    const values = Float32Array.from(examples.inputs.subarray(start * width, end * width));
    const answers = tf.tidy(() => network.predict(tf.tensor(values, [end - start, ...shape])));
    if (!(answers instanceof tf.Tensor)) {
      throw new Error("the network has several outputs; expected one");
    }
    parts.push(Float32Array.from(answers.dataSync()));
    answers.dispose();
  }
  return concatenate(parts);
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
