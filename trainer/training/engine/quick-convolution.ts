import * as tf from "@tensorflow/tfjs";
import type { OpAttribute } from "./native-ops.ts";
import type { OneDnnOps } from "./one-dnn.ts";
import { replaceKernel } from "./replace-kernel.ts";

/**
 * Adds the bias of a convolution within it, where tfjs-node makes another pass over the result.
 * Weights stay the same to the bit.
 */
export function quickenConvolution(ops: OneDnnOps): void {
  replaceKernel("FusedConv2D", ({ x, filter, bias }, given) => {
    const { activation } = given as unknown as tf.FusedConv2DAttrs;
    if (x?.dtype !== "float32" || !filter || bias?.shape.length !== 1) return undefined;
    if (activation !== "linear" && activation !== "relu") return undefined;
    const attributes = attributesOf(ops, x, filter, given);
    if (!attributes) return undefined;
    const sum = ops.tensor("_MklNativeConv2DWithBias", attributes, [x, filter, bias]);
    if (activation === "linear") return sum;
    const positive = ops.tensor("Relu", [ops.float32("T")], [sum]);
    sum.dispose();
    return positive;
  });
}

type Shape4D = [number, number, number, number];

/** Nothing where the operation cannot do it. */
function attributesOf(
  ops: OneDnnOps,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  given: unknown,
): OpAttribute[] | undefined {
  const { strides, pad, dataFormat, dilations, dimRoundingMode } = given as tf.FusedConv2DAttrs;
  if (dataFormat !== "NHWC") return undefined;
  const shapes = [x.shape, filter.shape] as [Shape4D, Shape4D];
  const { padInfo, ...found } = tf.backend_util.computeConv2DInfo(
    ...shapes,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  if (padInfo.type !== "VALID" && padInfo.type !== "SAME") return undefined;
  return [
    ops.float32("T"),
    ops.integers("strides", [1, found.strideHeight, found.strideWidth, 1]),
    ops.text("padding", padInfo.type),
    ops.text("data_format", "NHWC"),
    ops.integers("dilations", [1, found.dilationHeight, found.dilationWidth, 1]),
    ops.label,
  ];
}
