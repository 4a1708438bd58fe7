import { expect, it } from "vitest";
import { loadTensorflow } from "../tensorflow.ts";

await loadTensorflow();
const { default: tf } = await import("@tensorflow/tfjs");
const { oneDnnOps } = await import("./one-dnn.ts");
const { operationsOf } = await import("../../fixtures/operations-of.ts");

type Tensor4D = ReturnType<typeof tf.tensor4d>;

const x = tf.randomNormal([2, 9, 8, 3], 0, 1, "float32", 1) as Tensor4D;
const filter = tf.randomNormal([3, 3, 3, 5], 0, 1, "float32", 2) as Tensor4D;
const bias = tf.randomNormal([5], 0, 1, "float32", 3);

it.each([
  { strides: 1, pad: "same", activation: "linear" },
  { strides: 1, pad: "valid", activation: "relu" },
  { strides: 2, pad: "same", activation: "relu" },
  { strides: 1, pad: "same", activation: "elu" },
  { strides: 1, dilations: 2, pad: "valid", activation: "linear" },
] as const)("adds the bias as a pass of its own does, to the bit: %o", ({ activation, ...how }) => {
  const { strides, pad } = how;
  const dilations = "dilations" in how ? how.dilations : 1;
  const own = tf.fused.conv2d({ x, filter, bias, activation, strides, pad, dilations });
  const sum = tf.conv2d(x, filter, strides, pad, "NHWC", dilations).add(bias);
  const expected = activation === "linear" ? sum : tf[activation](sum);
  expect(own.dataSync()).toEqual(expected.dataSync());
});

it("has oneDNN do it, and leaves no tensor behind", (context) => {
  if (!oneDnnOps()) return context.skip("TensorFlow's library is without oneDNN here");
  const before = tf.memory().numTensors;
  const run = () =>
    tf.fused.conv2d({ x, filter, bias, activation: "relu", strides: 1, pad: "same" }).dispose();
  expect(operationsOf(run)).toContain("_MklNativeConv2DWithBias");
  expect(tf.memory().numTensors).toBe(before);
});
