import { pathToFileURL } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import type { Card } from "@updraft/contracts/card";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import type { Digest } from "@updraft/contracts/digest";
import { graphNetwork } from "@updraft/contracts/fixtures/graph-network";
import { type NetworkFormat, writePackage } from "@updraft/contracts/model-package";
import type { Signature } from "@updraft/contracts/signature";
import { createWasmEngine } from "./engines/wasm-engine.ts";

/** What a test may want to be otherwise. */
export interface TinyPackageOptions {
  /** The answer that the package claims for its example. */
  readonly exampleAnswer?: readonly number[];
  /** Which kind of network it has. @default "layers-model" */
  readonly format?: NetworkFormat;
  /** What it says of its training data. @default nothing */
  readonly baseline?: Card["baseline"];
  /** By how much its answers are larger. @default 1 */
  readonly factor?: number;
  /** Rows and columns of the image that a layers-model takes; 28 has the page to draw on. @default 2 */
  readonly side?: number;
}

const digest: Digest = `sha256:${"0".repeat(64)}`;

/**
 * Writes a real package whose answers can be worked out by hand: of two by two values from 0 to
 * 10 (or a larger image) it returns their sum and twice their sum. A graph takes the same four values in a row.
 */
export async function writeTinyPackage(
  folder: string,
  options: TinyPackageOptions = {},
): Promise<{ uri: string; digest: Digest }> {
  await createWasmEngine();
  const { factor = 1, side = 2 } = options;
  const kernel = Array.from({ length: side ** 2 }, () => [factor, 2 * factor]);
  const isGraph = options.format === "graph-model";
  const shape = isGraph ? [-1, 4] : [-1, side, side, 1];
  const range = { min: 0, max: side === 2 ? 10 : 255 };
  const signature: Signature = {
    inputs: [{ name: "image", datatype: "FP32", shape, range }],
    outputs: [{ name: "sums", datatype: "FP32", shape: [-1, 2], labels: ["one", "two"] }],
    example: {
      inputs: { image: [1, 2, 3, 4, ...Array.from({ length: side ** 2 - 4 }, () => 0)] },
      outputs: { sums: [...(options.exampleAnswer ?? [10 * factor, 20 * factor])] },
    },
  };
  const store = openArtifactStore(pathToFileURL(folder).href);
  return writePackage(store, {
    ...(isGraph ? graphNetwork(kernel) : await tinyNetwork(kernel, side)),
    signature,
    card: {
      model: "sums",
      createdAt: "2026-01-01T00:00:00.000Z",
      metrics: { accuracy: 0.5 },
      gate: { verdict: "passed", rules: [] },
      lineage: {
        runId: "run",
        datasetDigest: digest,
        codeDigest: digest,
        hyperparameters: {},
        seed: 1,
      },
      baseline: options.baseline ?? {},
    },
    evaluation: {},
  });
}

/** @param kernel of both kinds of networks: what the sum of all values is multiplied by, twice */
async function tinyNetwork(
  kernel: number[][],
  side: number,
): Promise<{ model: string; weights: Uint8Array }> {
  const network = sequential({
    layers: [
      layers.flatten({ inputShape: [side, side, 1] }),
      layers.dense({ units: 2, useBias: false, name: "sums" }),
    ],
  });
  network.getLayer("sums").setWeights([tf.tensor2d(kernel)]);
  let saved: tf.io.ModelArtifacts | undefined;
  await network.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  network.dispose();
  if (!saved?.weightData) throw new Error("the network has no weights");
  return {
    model: JSON.stringify({
      modelTopology: saved.modelTopology,
      weightsManifest: [{ paths: ["weights.bin"], weights: saved.weightSpecs }],
    }),
    weights: new Uint8Array(saved.weightData as ArrayBuffer),
  };
}
