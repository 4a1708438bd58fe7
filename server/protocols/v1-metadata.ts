import type { Datatype, TensorSpec } from "@updraft/contracts/signature";
import type { ServedModel } from "../models/served-model.ts";

/** The names that TensorFlow's types have in its messages. */
const dtypes: Readonly<Record<Datatype, string>> = {
  FP32: "DT_FLOAT",
  INT32: "DT_INT32",
  BOOL: "DT_BOOL",
  BYTES: "DT_STRING",
};

/**
 * What a model takes and gives, as TensorFlow Serving says it: a `GetModelMetadataResponse` as
 * protobuf's JSON, in which 64-bit numbers are texts.
 * @see https://www.tensorflow.org/tfx/serving/api_rest#model_metadata_api
 * @see https://github.com/tensorflow/serving/blob/master/tensorflow_serving/apis/get_model_metadata.proto
 */
export function v1Metadata({
  name,
  version,
  input,
  output,
}: Pick<ServedModel, "name" | "version" | "input" | "output">) {
  return {
    model_spec: { name, signature_name: "", version },
    metadata: {
      // Twice: the metadata's key, and the field of the message `SignatureDefMap` below it.
      signature_def: {
        signature_def: {
          serving_default: {
            inputs: { [input.name]: tensorInfo(input) },
            outputs: { [output.name]: tensorInfo(output) },
            method_name: "tensorflow/serving/predict",
          },
        },
      },
    },
  };
}

function tensorInfo({ name, datatype, shape }: TensorSpec) {
  return {
    name,
    dtype: dtypes[datatype],
    tensor_shape: {
      dim: shape.map((size) => ({ size: String(size), name: "" })),
      unknown_rank: false,
    },
  };
}
