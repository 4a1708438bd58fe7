import { createRequire } from "node:module";
import { dirname } from "node:path";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { loadGraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { networkFormat, type LoadedPackage } from "@updraft/contracts/model-package";
import type { Engine, Network } from "./engine.ts";
import { modelArtifacts } from "./model-artifacts.ts";

/** tfjs with its WebAssembly kernels: one instance is answered quicker than by any native engine. */
export async function createWasmEngine(): Promise<Engine> {
  const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${dirname(entry)}/`);
  await tf.setBackend("wasm");
  await tf.ready();
  return {
    name: "wasm",
    async load(content): Promise<Network> {
      const model = await loadNetwork(content);
      const sizes = content.signature.inputs[0]?.shape.slice(1) ?? [];
      return {
        predict(batch, size) {
          const answer = tf.tidy(() => model.predict(tf.tensor(batch, [size, ...sizes])));
          if (!(answer instanceof tf.Tensor)) throw new Error("the model has several outputs");
          return answer.data<"float32">().finally(() => answer.dispose());
        },
        dispose: () => model.dispose(),
      };
    },
  };
}

function loadNetwork(content: LoadedPackage) {
  const artifacts = tf.io.fromMemory(modelArtifacts(content));
  return networkFormat(content) === "graph-model"
    ? loadGraphModel(artifacts)
    : loadLayersModel(artifacts);
}
