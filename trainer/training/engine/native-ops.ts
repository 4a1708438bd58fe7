import * as tf from "@tensorflow/tfjs";

/** An attribute of one of TensorFlow's operations. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** What this uses of tfjs-node's backend, which has no types for it. */
interface NodeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_SHAPE: number;
    readonly TF_ATTR_INT: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_STRING: number;
    readonly TF_FLOAT: number;
    executeOp(name: string, attributes: OpAttribute[], inputs: number[], outputs: number): unknown;
  };
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: OpAttribute[],
    inputs: tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
  getInputTensorIds(inputs: tf.TensorInfo[]): number[];
}

/** TensorFlow's own operations, of which tfjs offers only some. */
export interface NativeOps {
  readonly onGpu: boolean;
  /** Runs an operation that gives a tensor. */
  tensor(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tf.TensorInfo[],
  ): tf.Tensor;
  /** Runs an operation that gives several. */
  tensors(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
  /** Runs an operation that gives nothing. */
  run(name: string, attributes: readonly OpAttribute[], inputs: readonly tf.TensorInfo[]): void;
  /** An attribute that says that something is float32. */
  float32(name: string): OpAttribute;
  shape(name: string, shape: readonly number[]): OpAttribute;
  text(name: string, value: string): OpAttribute;
  integers(name: string, values: readonly number[]): OpAttribute;
  flag(name: string, value: boolean): OpAttribute;
}

/**
 * The operations of TensorFlow's library, if that is what computes.
 * @see https://www.tensorflow.org/api_docs/python/tf/raw_ops
 */
export function nativeOps(): NativeOps | undefined {
  const backend: unknown = tf.backend();
  if (!isNodeBackend(backend)) return undefined;
  const { binding } = backend;
  return {
    onGpu: backend.isUsingGpuDevice,
    tensor: (name, attributes, inputs) =>
      backend.executeSingleOutput(name, [...attributes], [...inputs]),
    tensors: (name, attributes, inputs, outputs) =>
      backend.executeMultipleOutputs(name, [...attributes], [...inputs], outputs),
    run: (name, attributes, inputs) =>
      binding.executeOp(name, [...attributes], backend.getInputTensorIds([...inputs]), 0),
    float32: (name) => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }),
    shape: (name, shape) => ({ name, type: binding.TF_ATTR_SHAPE, value: [...shape] }),
    text: (name, value) => ({ name, type: binding.TF_ATTR_STRING, value }),
    integers: (name, values) => ({ name, type: binding.TF_ATTR_INT, value: [...values] }),
    flag: (name, value) => ({ name, type: binding.TF_ATTR_BOOL, value }),
  };
}

function isNodeBackend(backend: unknown): backend is NodeBackend {
  return (
    typeof backend === "object" &&
    backend !== null &&
    "binding" in backend &&
    "executeSingleOutput" in backend &&
    "getInputTensorIds" in backend
  );
}
