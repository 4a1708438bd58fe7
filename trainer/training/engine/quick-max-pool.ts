import * as tf from "@tensorflow/tfjs";
import { firstOf, replaceCall } from "../replace-call.ts";
import { oneDnnOps, type OneDnnOps } from "./one-dnn.ts";
import { replaceKernel } from "./replace-kernel.ts";

/**
 * Has oneDNN compute the largest of each window, and its gradient. The operation that TensorFlow
 * takes otherwise needs six times as long for the gradient, a quarter of a small network's training
 * time. Weights stay the same to the bit where windows do not overlap.
 */
export function quickenMaxPool(ops: OneDnnOps): void {
  replaceKernel("MaxPool", ({ x }, attributes) => {
    const pooling = poolingOf(x, attributes);
    if (!pooling) return undefined;
    const { output, places } = maxPool(ops, pooling);
    places.dispose();
    return output;
  });
  replaceKernel("MaxPoolGrad", ({ input, dy }, attributes) => {
    const pooling = poolingOf(input, attributes);
    if (!pooling || !dy) return undefined;
    // tfjs has nowhere to keep it since it was pooled.
    const pooled = maxPool(ops, pooling);
    const gradient = gradientOf(ops, pooling, dy, pooled);
    tf.dispose([pooled.output, pooled.places]);
    return gradient;
  });
}

/**
 * Has the layers of max pooling keep, in training, where each window's largest value is, so that
 * the gradient need not look for it again. Weights stay the same to the bit.
 * @returns a function that gives the layers their own operation back
 */
export function keepPlaces(network: tf.LayersModel): () => void {
  const ops = oneDnnOps();
  if (!ops) return () => {};
  const layers = network.layers.filter((layer) => layer.getClassName() === "MaxPooling2D");
  const restores = layers.map((layer) => {
    const { poolSize, strides, padding, dataFormat } = layer.getConfig();
    const attributes = { filterSize: poolSize, strides, pad: padding };
    return replaceCall(layer, (own) => (inputs, kwargs) => {
      const input = firstOf(inputs);
      const isKnown = kwargs["training"] === true && dataFormat === "channelsLast";
      const pooling = isKnown ? poolingOf(input, attributes) : undefined;
      return input && pooling ? keepingPlaces(ops, input, pooling) : own(inputs, kwargs);
    });
  });
  return () => {
    for (const restore of restores) restore();
  };
}

function keepingPlaces(ops: OneDnnOps, input: tf.Tensor, pooling: Pooling): tf.Tensor {
  const pool = tf.customGrad((x, save) => {
    const { output: value, places } = maxPool(ops, pooling);
    (save as tf.GradSaveFunc)([x as tf.Tensor, value, places]);
    const gradFunc = (dy: tf.Tensor, [from, output, at]: tf.Tensor[]) => {
      if (!from || !output || !at) throw new Error("max pooling has not kept what it needs");
      return gradientOf(ops, { ...pooling, input: from }, dy, { output, places: at });
    };
    return { value, gradFunc };
  });
  return pool(input);
}

/** What is pooled, and how. */
interface Pooling {
  readonly input: tf.TensorInfo;
  readonly window: readonly [height: number, width: number];
  readonly strides: readonly [height: number, width: number];
  readonly padding: "VALID" | "SAME";
}

/** Nothing where these operations cannot do it. */
function poolingOf(input: tf.TensorInfo | undefined, attributes: unknown): Pooling | undefined {
  if (input?.dtype !== "float32") return undefined;
  const { filterSize, strides, pad, dimRoundingMode } = attributes as tf.MaxPoolAttrs;
  const shape = input.shape as [number, number, number, number];
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } =
    tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  if (padInfo.type !== "VALID" && padInfo.type !== "SAME") return undefined;
  return {
    input,
    window: [filterHeight, filterWidth],
    strides: [strideHeight, strideWidth],
    padding: padInfo.type,
  };
}

/** What pooling gives. */
interface Pooled {
  readonly output: tf.Tensor;
  /** Where in its window each value of the output is. */
  readonly places: tf.Tensor;
}

function maxPool(ops: OneDnnOps, pooling: Pooling): Pooled {
  const name = "_MklNativeMaxPool";
  const [output, places] = ops.tensors(name, attributesOf(ops, pooling), [pooling.input], 2);
  if (!output || !places) throw new Error(`${name} gave less than two tensors`);
  return { output, places };
}

function gradientOf(
  ops: OneDnnOps,
  pooling: Pooling,
  dy: tf.TensorInfo,
  { output, places }: Pooled,
): tf.Tensor {
  const inputs = [pooling.input, output, dy, places];
  return ops.tensor("_MklNativeMaxPoolGrad", attributesOf(ops, pooling), inputs);
}

function attributesOf(ops: OneDnnOps, { window, strides, padding }: Pooling) {
  return [
    ops.float32("T"),
    ops.integers("ksize", [1, ...window, 1]),
    ops.integers("strides", [1, ...strides, 1]),
    ops.text("padding", padding),
    ops.text("data_format", "NHWC"),
    ops.flag("workspace_enabled", true),
    ops.label,
  ];
}
