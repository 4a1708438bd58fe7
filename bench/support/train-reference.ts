import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { model } from "@updraft/models/digits";
import { fit, type Progress } from "@updraft/trainer/fit";
import { loadTensorflow } from "@updraft/trainer/tensorflow";
import type { ContestantOptions } from "./contestants.ts";

// Trains the reference network as the trainer trains every network, and prints each epoch as a
// line of JSON, in the form that the scripts of `peers/` print it in.
const options: ContestantOptions = JSON.parse(process.argv[2] ?? "{}");
await loadTensorflow();
const tf = await import("@tensorflow/tfjs");

const network = referenceNetwork();
const hyperparameters = model.hyperparameters.parse({
  epochs: options.epochs,
  batchSize: options.batch,
  learningRate: options.rate,
  patience: options.epochs,
});
const splits = { train: digits("train", options.count), validation: digits("t10k") };
const started = { at: 0, share: 0 };
let last: Progress | undefined;
let lastAt = 0;
await fit(network, splits, undefined, {
  hyperparameters,
  seed: options.seed,
  signal: new AbortController().signal,
  onProgress(progress) {
    if (progress.result) {
      report(progress);
      last = undefined;
      return;
    }
    const now = performance.now();
    if (!last) Object.assign(started, { at: now, share: progress.share });
    last = progress;
    lastAt = now;
  },
});
console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024 }));

/** From the first step of an epoch to the last but one: what comes after it is judging. */
function report({ epoch, result }: Progress): void {
  const seconds = (lastAt - started.at) / 1000;
  const steps = Math.floor(splits.train.count / options.batch);
  const done = Math.round(((last?.share ?? 0) - started.share) * steps);
  const accuracy = result?.validationAccuracy;
  console.log(JSON.stringify({ epoch, seconds, images: done * options.batch, accuracy }));
}

/** The peers' network; pooling comes before ReLU, which is the same function. */
function referenceNetwork() {
  const initializer = (offset: number) =>
    tf.initializers.glorotUniform({ seed: options.seed * 10 + offset });
  const convolution = (filters: number, kernelInitializer: ReturnType<typeof initializer>) =>
    tf.layers.conv2d({ filters, kernelSize: 3, padding: "same", kernelInitializer });
  return tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: [28, 28, 1] }),
      tf.layers.rescaling({ scale: 1 / 255, offset: 0 }),
      convolution(32, initializer(1)),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.reLU(),
      convolution(64, initializer(2)),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.reLU(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 128, activation: "relu", kernelInitializer: initializer(3) }),
      tf.layers.dropout({ rate: options.dropout, seed: options.seed }),
      tf.layers.dense({ units: 10, kernelInitializer: initializer(4) }),
      tf.layers.softmax(),
    ],
  });
}

function digits(split: "train" | "t10k", count = Infinity) {
  const values = (name: string, header: number) =>
    new Uint8Array(
      gunzipSync(readFileSync(join(options.folder, `${split}-${name}-ubyte.gz`))).subarray(header),
    );
  const labels = Int32Array.from(values("labels-idx1", 8).subarray(0, count));
  const inputs = values("images-idx3", 16).subarray(0, 784 * labels.length);
  return { count: labels.length, inputs, labels };
}
