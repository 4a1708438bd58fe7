import { expect, it } from "vitest";
import { loadTensorflow } from "../tensorflow.ts";

await loadTensorflow();
const { default: tf } = await import("@tensorflow/tfjs");
const { crossEntropy } = await import("./cross-entropy.ts");

const truth = tf.tensor2d([
  [1, 0, 0],
  [0.1, 0.1, 0.8],
]);
const logits = tf.tensor2d([
  [0.5, -1, 2],
  [0, 100, -100],
]);
const weights = tf.tensor1d([0.25, 3]);

const own = (scores: typeof logits) => crossEntropy(truth, scores);
const composed = (scores: typeof logits) => tf.logSoftmax(scores).mul(truth).sum(-1).neg();

it("gives losses and gradients as tfjs makes them of logarithms, by fewer operations", async () => {
  const ways = [own, composed].map((way) => {
    const { value, grad } = tf.valueAndGrad((scores: typeof logits) =>
      way(scores).mul(weights).sum(),
    )(logits);
    return [...way(logits).dataSync(), ...value.dataSync(), ...grad.dataSync()];
  });
  const [native = [], expected = []] = ways;
  expect(native.map((value) => value.toFixed(4))).toEqual(
    expected.map((value) => value.toFixed(4)),
  );
  const { kernelNames } = await tf.profile(() => own(logits));
  expect(kernelNames).not.toContain("Exp");
});
