import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { networkFormat, type LoadedPackage } from "@updraft/contracts/model-package";
import type { Network } from "./engine.ts";
import { layerByLayer } from "./layer-by-layer.ts";
import { modelArtifacts } from "./model-artifacts.ts";

/** A batch in, the first output out. */
type Predict = (batch: tf.Tensor, size: number) => tf.TensorContainer;

/** A package's network, which runs with tfjs' backend of that moment. */
export async function tfjsNetwork(content: LoadedPackage): Promise<Network> {
  const { predict, dispose } = await loadNetwork(content);
  const sizes = content.signature.inputs[0]?.shape.slice(1) ?? [];
  return {
    predict(batch, size) {
      const answer = tf.tidy(() => predict(tf.tensor(batch, [size, ...sizes]), size));
      if (!(answer instanceof tf.Tensor)) throw new Error("the model has several outputs");
      return answer.data<"float32">().finally(() => answer.dispose());
    },
    dispose,
  };
}

/** Only what loads this form is imported: the other one takes memory too. */
async function loadNetwork(
  content: LoadedPackage,
): Promise<{ predict: Predict; dispose: () => void }> {
  const artifacts = tf.io.fromMemory(modelArtifacts(content));
  if (networkFormat(content) === "graph-model") {
    const { loadGraphModel } = await import("@tensorflow/tfjs-converter");
    const model = await loadGraphModel(artifacts);
    return { predict: (batch) => model.predict(batch), dispose: () => model.dispose() };
  }
  const { loadLayersModel } = await import("@tensorflow/tfjs-layers");
  const model = await loadLayersModel(artifacts);
  return { predict: layerByLayer(model) ?? wholeModel(model), dispose: () => model.dispose() };
}

/** Without a size of its own, a batch would be cut into pieces of 32 that are copied twice. */
function wholeModel(model: LayersModel): Predict {
  return (batch, size) => model.predict(batch, { batchSize: size });
}
