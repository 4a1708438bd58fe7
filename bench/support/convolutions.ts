import * as tf from "@tensorflow/tfjs";
import { createWasmEngine } from "@updraft/server/wasm-engine";

/** Those of the network that reads digits: input, filters. */
const convolutions = [
  { input: [28, 28, 1], filters: 16 },
  { input: [14, 14, 16], filters: 32 },
] as const;
const milliseconds = 2000;

/** How long the convolutions of a digit take by themselves, in microseconds, with the kernels that serve. */
export async function convolutionMicroseconds(size: number): Promise<number> {
  await createWasmEngine();
  const prepared = convolutions.map(({ input: [height, width, channels], filters }) => ({
    values: tf.randomUniform<tf.Rank.R4>([size, height, width, channels]),
    kernel: tf.randomNormal<tf.Rank.R4>([5, 5, channels, filters]),
  }));
  const run = () => {
    for (const { values, kernel } of prepared) tf.conv2d(values, kernel, 1, "same").dispose();
  };
  for (let warm = 0; warm < 20; warm += 1) run();
  const started = performance.now();
  let runs = 0;
  for (; performance.now() - started < milliseconds; runs += 1) run();
  const taken = (1000 * (performance.now() - started)) / (runs * size);
  tf.dispose(prepared.flatMap(({ values, kernel }) => [values, kernel]));
  return Math.round(taken);
}
