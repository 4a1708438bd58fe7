import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import util, { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { readPackage } from "@updraft/contracts/model-package";
import { Outcome, type Release } from "@updraft/contracts/release";
import { peakMemoryMiB } from "@updraft/tests/process-memory";

// How well the digits that were never trained on are read: the official MNIST test set, 10,000
// digits, by a model trained on mnist-10k, which is part of MNIST's training set, or on all of it.
// Trains with each seed and says how long that took and how much memory, or scores a release that
// there is already. Settings of the trainer may follow after --.
//
//   npm run bench -- accuracy --data <folder with t10k-*.gz> [--seeds 1,2,3] [--full]
//                             [--release <file>] [-- --epochs 20 …]
const { values: options, positionals } = parseArgs({
  options: {
    data: { type: "string", default: process.env["MNIST_DIR"] ?? "" },
    seeds: { type: "string", default: "1" },
    full: { type: "boolean", default: false },
    release: { type: "string" },
  },
  allowPositionals: true,
});
if (options.data === "") {
  console.error("usage: npm run bench -- accuracy --data <folder>, or set MNIST_DIR");
  process.exit(2);
}

// tfjs-node 4.22 calls functions that Node 23 removed or warns about.
Object.assign(util, {
  isNullOrUndefined: (value: unknown) => value == null,
  isArray: Array.isArray,
});
process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
const tf = await import("@tensorflow/tfjs");
await import("@tensorflow/tfjs-node");

const batchSize = 500;
const images = values("t10k-images-idx3-ubyte.gz", 16);
const labels = values("t10k-labels-idx1-ubyte.gz", 8);

if (options.release !== undefined) {
  console.log(`accuracy on t10k: ${await score(readRelease(options.release))}`);
} else {
  const scores: number[] = [];
  for (const seed of options.seeds.split(",")) {
    const { release, seconds, peakMiB } = await train(seed);
    scores.push(await score(release));
    console.log(
      `seed ${seed}: accuracy on t10k ${scores.at(-1)}, trained in ${seconds.toFixed(1)} s with at most ${Math.round(peakMiB)} MiB`,
    );
    rmSync(new URL(`${release.uri}/../../..`), { recursive: true });
  }
  const sorted = scores.toSorted((a, b) => a - b);
  console.log(`accuracy on t10k: lowest ${sorted[0]}, median ${sorted[scores.length >> 1]}`);
}

/** Trains as anybody would, into a store of its own; of the whole process. */
async function train(seed: string): Promise<Trained> {
  const folder = mkdtempSync(join(tmpdir(), "updraft-accuracy-"));
  const outcomeFile = join(folder, "outcome.json");
  const trainer = join(import.meta.dirname, "../trainer/main.ts");
  const data = options.full ? ["--dataset", pathToFileURL(options.data).href] : [];
  const own = ["--seed", seed, "--gate", "{}", "--store", pathToFileURL(folder).href];
  const flags = [...data, ...own, "--outcome", outcomeFile, ...positionals];
  const started = performance.now();
  const { MLFLOW_TRACKING_URI: _tracker, ...env } = process.env;
  const child = spawn(process.execPath, [trainer, "train", ...flags], {
    stdio: ["ignore", "inherit", "inherit"],
    env,
  });
  let peakMiB = 0;
  const watch = setInterval(() => {
    peakMiB = Math.max(peakMiB, peakMemoryMiB(child.pid ?? 0));
  }, 500);
  await once(child, "exit");
  clearInterval(watch);
  const seconds = (performance.now() - started) / 1000;
  return { release: readRelease(outcomeFile), seconds, peakMiB };
}

interface Trained {
  readonly release: Release;
  readonly seconds: number;
  /** The most memory that the process had. */
  readonly peakMiB: number;
}

function readRelease(file: string): Release {
  const outcome = Outcome.parse(JSON.parse(readFileSync(file, "utf8")));
  if (outcome.status === "released") return outcome.release;
  throw new Error(`${file} is no release: ${outcome.failure.message}`);
}

/** Share of the test digits that a released package reads rightly. */
async function score({ uri, digest }: Release): Promise<number> {
  const { model, weights } = await readPackage(uri, digest);
  const { weightsManifest, ...topology } = JSON.parse(model);
  const weightSpecs = weightsManifest.flatMap((group: { weights: object[] }) => group.weights);
  const weightData = new Uint8Array(weights).buffer;
  const network = await tf.loadLayersModel(
    tf.io.fromMemory({ ...topology, weightSpecs, weightData }),
  );
  let right = 0;
  for (let start = 0; start < labels.length; start += batchSize) {
    const count = Math.min(batchSize, labels.length - start);
    const batch = Float32Array.from(images.subarray(start * 784, (start + count) * 784));
    const answers = tf.tidy(() => {
      const probabilities = network.predict(tf.tensor4d(batch, [count, 28, 28, 1]));
      return [probabilities].flat()[0]?.argMax(-1).dataSync() ?? [];
    });
    for (let index = 0; index < count; index += 1) {
      if (answers[index] === labels[start + index]) right += 1;
    }
  }
  network.dispose();
  return right / labels.length;
}

/** The values of a published file, without its header. */
function values(name: string, headerLength: number): Buffer {
  return gunzipSync(readFileSync(join(options.data, name))).subarray(headerLength);
}
