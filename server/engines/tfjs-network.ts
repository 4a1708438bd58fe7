import { loadGraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { networkFormat, type LoadedPackage } from "@updraft/contracts/model-package";
import type { Network } from "./engine.ts";
import { modelArtifacts } from "./model-artifacts.ts";

/** A package's network, which runs with tfjs' backend of that moment. */
export async function tfjsNetwork(content: LoadedPackage): Promise<Network> {
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
}

function loadNetwork(content: LoadedPackage) {
  const artifacts = tf.io.fromMemory(modelArtifacts(content));
  return networkFormat(content) === "graph-model"
    ? loadGraphModel(artifacts)
    : loadLayersModel(artifacts);
}
