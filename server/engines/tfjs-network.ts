import * as tf from "@tensorflow/tfjs-core";
import { networkFormat, type LoadedPackage } from "@updraft/contracts/model-package";
import type { Network } from "./engine.ts";
import { modelArtifacts } from "./model-artifacts.ts";

/** A package's network, which runs with tfjs' backend of that moment. */
export async function tfjsNetwork(content: LoadedPackage): Promise<Network> {
  const model = await loadNetwork(content);
  const sizes = content.signature.inputs[0]?.shape.slice(1) ?? [];
  return {
    predict(batch, size) {
      // Without a size of its own, it would be cut into pieces of 32 that are copied twice.
      const run = () => model.predict(tf.tensor(batch, [size, ...sizes]), { batchSize: size });
      const answer = tf.tidy(run);
      if (!(answer instanceof tf.Tensor)) throw new Error("the model has several outputs");
      return answer.data<"float32">().finally(() => answer.dispose());
    },
    dispose: () => model.dispose(),
  };
}

/** Only what loads this form is imported: the other one takes memory too. */
async function loadNetwork(content: LoadedPackage) {
  const artifacts = tf.io.fromMemory(modelArtifacts(content));
  if (networkFormat(content) === "graph-model") {
    const { loadGraphModel } = await import("@tensorflow/tfjs-converter");
    return loadGraphModel(artifacts);
  }
  const { loadLayersModel } = await import("@tensorflow/tfjs-layers");
  return loadLayersModel(artifacts);
}
