import { createRequire } from "node:module";
import { dirname } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import type { NetworkFormat } from "@updraft/contracts/model-package";
import type { SerializedNetwork } from "../packaging/serialize.ts";
import type { ServingTimes } from "./serving-speed.ts";

/** What the worker is started with. */
export interface ServingTask {
  readonly network: SerializedNetwork;
  readonly format: NetworkFormat;
  /** Sizes of one instance, without the batch. */
  readonly shape: readonly number[];
  /** Instances one after another, flattened row-major. */
  readonly inputs: Float32Array;
}

/** Answers a batch. */
type Predict = (batch: tf.Tensor) => tf.Tensor | tf.Tensor[] | tf.NamedTensorMap;

/** As many instances as a busy server puts together. */
const batchSize = 32;
const single = { warmUps: 10, most: 200, least: 5, milliseconds: 700 };
const batched = { warmUps: 2, most: 100, least: 3, milliseconds: 500 };

const { network, format, shape, inputs }: ServingTask = workerData;
const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
setWasmPaths(`${dirname(entry)}/`);
await tf.setBackend("wasm");
const predict = await load(network);
const width = shape.reduce((product, size) => product * size, 1);
const count = inputs.length / width;
const times: ServingTimes = {
  singleMs: timesOf(1, single),
  batchMs: timesOf(batchSize, batched),
  batchSize,
};
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
parentPort?.postMessage(times);

/** How long answers take, in milliseconds: as often as is enough, and not much longer than told. */
function timesOf(size: number, { warmUps, most, least, milliseconds }: typeof single): number[] {
  const found: number[] = [];
  const started = performance.now();
  for (let round = 0; round < warmUps + most; round += 1) {
    const instances = batchAt(round * size, size);
    const before = performance.now();
    answer(instances, size);
    const after = performance.now();
    if (round >= warmUps) found.push(after - before);
    if (found.length >= least && after - started > milliseconds) break;
  }
  return found;
}

/** Instances from a place on; after the last one comes the first again. */
function batchAt(start: number, size: number): Float32Array {
  const batch = new Float32Array(size * width);
  for (let row = 0; row < size; row += 1) {
    const from = ((start + row) % count) * width;
    batch.set(inputs.subarray(from, from + width), row * width);
  }
  return batch;
}

function answer(batch: Float32Array, size: number): void {
  tf.tidy(() => {
    const answers = predict(tf.tensor(batch, [size, ...shape]));
    for (const one of [answers].flat()) if (one instanceof tf.Tensor) one.dataSync();
  });
}

async function load({ model: json, weights }: SerializedNetwork): Promise<Predict> {
  const { weightsManifest, ...topology }: tf.io.ModelJSON = JSON.parse(json);
  const artifacts = tf.io.fromMemory({
    ...topology,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weightData: new Uint8Array(weights).buffer,
  });
  if (format === "graph-model") {
    const { loadGraphModel } = await import("@tensorflow/tfjs-converter");
    const graph = await loadGraphModel(artifacts);
    return (batch) => graph.predict(batch);
  }
  const { loadLayersModel } = await import("@tensorflow/tfjs-layers");
  const model = await loadLayersModel(artifacts);
  return (batch) => model.predict(batch);
}
