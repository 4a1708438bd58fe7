import type * as tf from "@tensorflow/tfjs";

type Call = tf.layers.Layer["call"];

/**
 * Has a layer do something else when it is called.
 * @param instead is given what the layer itself does
 * @returns a function that gives the layer its own operation back
 */
export function replaceCall(layer: tf.layers.Layer, instead: (own: Call) => Call): () => void {
  const { call } = layer;
  layer.call = instead(call.bind(layer));
  return () => {
    layer.call = call;
  };
}

/** The first of a layer's inputs. */
export function firstOf(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | undefined {
  return Array.isArray(inputs) ? inputs[0] : inputs;
}
