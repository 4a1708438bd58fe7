import * as tf from "@tensorflow/tfjs";
import { nativeOps, type NativeOps } from "./native-ops.ts";

/**
 * The cross-entropy of each row, `[n]`. TensorFlow gives it and its gradient by one operation,
 * where tfjs takes forty.
 * @param truth probabilities `[n, classes]`
 * @param logits `[n, classes]`
 */
export function crossEntropy(truth: tf.Tensor2D, logits: tf.Tensor): tf.Tensor1D {
  const ops = nativeOps();
  // On a GPU the operation adds up in any order, which TensorFlow refuses where that is ruled out.
  return ops && !ops.onGpu ? native(ops, truth, logits) : composed(truth, logits);
}

function native(ops: NativeOps, truth: tf.Tensor2D, logits: tf.Tensor): tf.Tensor1D {
  const losses = tf.customGrad((scores, save) => {
    const attributes = [ops.float32("T")];
    const name = "SoftmaxCrossEntropyWithLogits";
    const [value, slope] = ops.tensors(name, attributes, [scores as tf.Tensor, truth], 2);
    if (!value || !slope) throw new Error(`${name} gave less than two tensors`);
    (save as tf.GradSaveFunc)([slope]);
    return { value, gradFunc: slopeOf };
  });
  return losses(logits) as tf.Tensor1D;
}

function slopeOf(dy: tf.Tensor, [slope]: tf.Tensor[]): tf.Tensor {
  return slope ? slope.mul(dy.expandDims(-1)) : dy;
}

function composed(truth: tf.Tensor2D, logits: tf.Tensor): tf.Tensor1D {
  return tf.logSoftmax(logits).mul(truth).sum(-1).neg() as tf.Tensor1D;
}
