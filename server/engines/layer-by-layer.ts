import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";

/** Layers that say of some values that the next ones are to skip them, which only the model passes on. */
const masking = new Set(["Masking", "Embedding"]);

/**
 * Runs a model whose layers come one after another without the model: what `predict` checks and
 * looks up for each layer takes as long as a small layer itself. To be called in a `tidy`.
 * @returns nothing for a model that branches or masks
 */
export function layerByLayer(model: LayersModel): ((batch: Tensor) => Tensor) | undefined {
  if (model.getClassName() !== "Sequential") return undefined;
  const layers = model.layers.filter((layer) => layer.getClassName() !== "InputLayer");
  const isPlain = layers.every(
    (layer) => !masking.has(layer.getClassName()) && !("layers" in layer),
  );
  if (!isPlain) return undefined;
  return (batch) => {
    let values = batch;
    for (const layer of layers) {
      const [next] = [layer.call(values, {})].flat();
      if (!next) throw new Error(`the layer ${layer.name} answers nothing`);
      // Some layers hand on what they got; of the others, a batch is in memory once.
      if (next !== values) values.dispose();
      values = next;
    }
    return values;
  };
}
