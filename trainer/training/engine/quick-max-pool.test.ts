import { describe, expect, it, vi } from "vitest";
import { loadTensorflow } from "../tensorflow.ts";

await loadTensorflow();
const { default: tf } = await import("@tensorflow/tfjs");
const { nativeOps } = await import("./native-ops.ts");
const { oneDnnOps } = await import("./one-dnn.ts");
const { operationsOf } = await import("../../fixtures/operations-of.ts");
const { keepPlaces } = await import("./quick-max-pool.ts");

type Image = ReturnType<typeof tf.tensor4d>;

/** Whole numbers from -3 to 3: most windows have their largest value several times. */
const input = tf.randomUniform([2, 7, 6, 3], -3, 3, "float32", 1).round() as Image;
const pool = (size: number, pad: "valid" | "same") => (x: unknown) =>
  tf.maxPool(x as Image, size, size, pad);

/** As TensorFlow computes it without oneDNN. */
function reference(size: number, padding: string) {
  const ops = nativeOps();
  if (!ops) throw new Error("TensorFlow's library is not there");
  const attributes = [
    ops.float32("T"),
    ops.integers("ksize", [1, size, size, 1]),
    ops.integers("strides", [1, size, size, 1]),
    ops.text("padding", padding.toUpperCase()),
    ops.text("data_format", "NHWC"),
  ];
  const output = ops.tensor("MaxPool", attributes, [input]);
  const gradient = (dy: Image) => ops.tensor("MaxPoolGrad", attributes, [input, output, dy]);
  return { output, gradient };
}

it.each([
  [2, "valid"],
  [2, "same"],
  [3, "same"],
] as const)("pools windows of %i, padding %s, as TensorFlow does, to the bit", (size, pad) => {
  const { output, gradient } = reference(size, pad);
  expect(pool(size, pad)(input).dataSync()).toEqual(output.dataSync());
  const dy = tf.randomNormal(output.shape, 0, 1, "float32", 2);
  const own = tf.grad(pool(size, pad))(input, dy);
  expect(own.dataSync()).toEqual(gradient(dy as Image).dataSync());
});

it("has oneDNN do it, and leaves no tensor behind", (context) => {
  if (!oneDnnOps()) return context.skip("TensorFlow's library is without oneDNN here");
  const before = tf.memory().numTensors;
  const gradient = tf.grad(pool(2, "valid"));
  const run = () => tf.tidy(() => void gradient(input, tf.ones([2, 3, 3, 3])));
  expect(operationsOf(run)).toContain("_MklNativeMaxPoolGrad");
  expect(tf.memory().numTensors).toBe(before);
});

it("leaves to tfjs what oneDNN cannot do", () => {
  expect(() => pool(2, "valid")(tf.ones([1, 4, 4, 1], "int32")).dataSync()).not.toThrow();
});

it("is without oneDNN where TensorFlow may not use it", () => {
  vi.stubEnv("TF_ENABLE_ONEDNN_OPTS", "0");
  expect(oneDnnOps()).toBeUndefined();
  vi.unstubAllEnvs();
});

describe("a network's layers", () => {
  const network = tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: [7, 6, 3] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.maxPooling2d({ poolSize: [3, 2], strides: [1, 2], padding: "same" }),
    ],
  });
  const answer = (training: boolean) => (x: unknown) =>
    network.apply(x as Image, { training }) as Image;
  const dy = tf.randomNormal([2, 3, 2, 3], 0, 1, "float32", 2);
  const gradient = (training: boolean) => tf.grad(answer(training))(input, dy).dataSync();
  const poolings = async (training: boolean) => {
    const { kernels } = await tf.profile(() => answer(training)(input));
    return kernels.filter(({ name }) => name === "MaxPool").length;
  };

  it("keep in training what their gradients need, and give the same, to the bit", async () => {
    const expected = { output: answer(true)(input).dataSync(), gradient: gradient(true) };
    const restore = keepPlaces(network);
    expect(answer(true)(input).dataSync()).toEqual(expected.output);
    expect(gradient(true)).toEqual(expected.gradient);
    expect(gradient(false)).toEqual(expected.gradient);
    // A kernel of its own name is one that tfjs has run.
    expect(await poolings(true)).toBe(oneDnnOps() ? 0 : 2);
    restore();
    expect(await poolings(true)).toBe(2);
  });

  it("leave no tensor behind, with a gradient and without", () => {
    const restore = keepPlaces(network);
    const before = tf.memory().numTensors;
    gradient(true);
    tf.tidy(() => void answer(true)(input));
    restore();
    // The gradient that was read is one tensor.
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});
