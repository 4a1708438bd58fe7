import type { Datatype } from "@updraft/contracts/signature";
import type { ServedModel } from "../../models/served-model.ts";
import type { InferRequest } from "./infer-request.ts";

/** An answer: its JSON, and the tensors that follow it as bytes. */
export interface InferResponse {
  readonly json: object;
  /** Little-endian, row-major; none if all outputs are in the JSON. */
  readonly tensors: readonly Uint8Array[];
}

/**
 * The answer to an inference request.
 * @param values the model's answers, one after another, flattened
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md#inference-response-json-object
 */
export function inferResponse(
  { name, version }: Pick<ServedModel, "name" | "version">,
  { id, batch, outputs }: InferRequest,
  values: Float32Array,
): InferResponse {
  const tensors: Uint8Array[] = [];
  const described = outputs.map(({ spec, isBinary }) => {
    const head = {
      name: spec.name,
      shape: [batch.size, ...spec.shape.slice(1)],
      datatype: spec.datatype,
    };
    const written = valuesAs(spec.datatype, values);
    if (!isBinary) return { ...head, data: jsonData(spec.datatype, written) };
    const bytes = new Uint8Array(written.buffer, written.byteOffset, written.byteLength);
    tensors.push(bytes);
    return { ...head, parameters: { binary_data_size: bytes.length } };
  });
  const named = { model_name: name, model_version: version };
  return { json: { ...named, ...(id === undefined ? {} : { id }), outputs: described }, tensors };
}

/** The engine gives all answers as float32. */
function valuesAs(datatype: Datatype, values: Float32Array) {
  if (datatype === "INT32") return Int32Array.from(values);
  return datatype === "BOOL" ? Uint8Array.from(values) : values;
}

function jsonData(datatype: Datatype, values: ReturnType<typeof valuesAs>): unknown[] {
  return datatype === "BOOL" ? Array.from(values, (value) => value !== 0) : Array.from(values);
}
