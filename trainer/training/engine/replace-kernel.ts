import * as tf from "@tensorflow/tfjs";

/** What tfjs-node registers its kernels for. */
export const backendName = "tensorflow";

/** Computes a kernel's output, or gives nothing where the kernel itself is to do so. */
type Instead = (
  inputs: tf.NamedTensorInfoMap,
  attributes: tf.NamedAttrMap | undefined,
) => tf.TensorInfo | undefined;

/** Puts something in the place of a kernel of tfjs-node, for the cases that it can do. */
export function replaceKernel(kernelName: string, instead: Instead): void {
  const own = tf.getKernel(kernelName, backendName);
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    ...own,
    kernelFunc: (options) => instead(options.inputs, options.attrs) ?? own.kernelFunc(options),
  });
}
