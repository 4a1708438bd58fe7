import * as tf from "@tensorflow/tfjs";
import { nativeOps, type NativeOps, type OpAttribute } from "./native-ops.ts";

/** Operations of oneDNN, which TensorFlow takes by itself only where it knows the whole graph. */
export interface OneDnnOps extends NativeOps {
  /** What they are registered by, beside their names. */
  readonly label: OpAttribute;
}

/**
 * The operations of oneDNN, where TensorFlow's library has been built with it and may use it.
 * @see https://github.com/tensorflow/tensorflow/blob/v2.15.1/tensorflow/core/ops/mkl_nn_ops.cc
 */
export function oneDnnOps(): OneDnnOps | undefined {
  const ops = nativeOps();
  if (!ops || ops.onGpu || process.env["TF_ENABLE_ONEDNN_OPTS"] === "0") return undefined;
  const oneDnn = { ...ops, label: ops.text("_kernel", "MklNameChangeOp") };
  return isThere(oneDnn) ? oneDnn : undefined;
}

/** Tries a small one. */
function isThere({ tensor, float32, label }: OneDnnOps): boolean {
  const one = tf.ones([1, 1]);
  try {
    tensor("_MklMatMul", [float32("T"), label], [one, one]).dispose();
    return true;
  } catch {
    return false;
  } finally {
    one.dispose();
  }
}
