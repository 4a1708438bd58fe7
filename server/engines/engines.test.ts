import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { initializers, layers, sequential } from "@tensorflow/tfjs-layers";
import { readPackage } from "@updraft/contracts/model-package";
import { expect, it } from "vitest";
import { type TinyPackageOptions, writeTinyPackage } from "../fixtures.ts";
import { createEngine } from "./create-engine.ts";
import type { EngineName } from "./engine.ts";

const isInstalled = (() => {
  try {
    import.meta.resolve("@tensorflow/tfjs-node");
    return true;
  } catch {
    return false;
  }
})();

const seeded = (seed: number) => initializers.glorotUniform({ seed });

/** A network with the operations of one that reads images, with weights that are always the same. */
async function imageNetwork() {
  const network = sequential({
    layers: [
      layers.conv2d({
        inputShape: [28, 28, 1],
        filters: 8,
        kernelSize: 3,
        activation: "relu",
        kernelInitializer: seeded(1),
      }),
      layers.batchNormalization({}),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 10, activation: "softmax", kernelInitializer: seeded(2) }),
    ],
  });
  let saved: tf.io.ModelArtifacts | undefined;
  await network.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  network.dispose();
  return {
    model: JSON.stringify({
      modelTopology: saved?.modelTopology,
      weightsManifest: [{ paths: ["weights.bin"], weights: saved?.weightSpecs }],
    }),
    weights: new Uint8Array(saved?.weightData as ArrayBuffer),
  };
}

async function tinyPackage(options: TinyPackageOptions) {
  const folder = await mkdtemp(join(tmpdir(), "updraft-engines-"));
  const { uri, digest } = await writeTinyPackage(folder, options);
  return readPackage(uri, digest);
}

it.runIf(isInstalled)("all engines answer the same, to 1e-5", async () => {
  const tiny = await tinyPackage({});
  const [input] = tiny.signature.inputs;
  if (!input) throw new Error("unreachable: the package has an input");
  const signature = { ...tiny.signature, inputs: [{ ...input, shape: [-1, 28, 28, 1] }] };
  const cases = [
    { content: { ...tiny, ...(await imageNetwork()), signature }, length: 784 },
    { content: tiny, length: 4 },
    { content: await tinyPackage({ format: "graph-model" }), length: 4 },
  ];
  const size = 16;
  const answersOf = async (name: EngineName) => {
    const engine = await createEngine(name, () => undefined);
    expect(engine.name).toBe(name);
    const answers: Float32Array[] = [];
    for (const { content, length } of cases) {
      const network = await engine.load(content);
      const values = Float32Array.from(
        { length: size * length },
        (_, at) => ((at * 37) % 101) / 101,
      );
      answers.push(await network.predict(values, size));
      network.dispose();
    }
    return answers;
  };
  const wasm = await answersOf("wasm");
  const native = await answersOf("tfjs-node");
  const differences = wasm.map((answers, index) =>
    Math.max(...answers.map((value, at) => Math.abs(value - (native[index]?.[at] ?? NaN)))),
  );
  expect(wasm.map(({ length }) => length)).toEqual([160, 32, 32]);
  for (const difference of differences) expect(difference).toBeLessThan(1e-5);
});
