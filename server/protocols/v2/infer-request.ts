import type { TensorSpec } from "@updraft/contracts/signature";
import { badRequest, shown } from "../bad-request.ts";
import { type Batch, checkValues, maxInstances as defaultMaxInstances } from "../instances.ts";
import { isJsonObject, type JsonObject, parseJsonObject } from "../json-object.ts";
import { parametersOf } from "./parameters.ts";
import { type RequestedOutput, requestedOutputs } from "./requested-outputs.ts";
import { splitBody } from "./split-body.ts";
import { binaryValues, jsonValues, type TensorHead } from "./tensor-values.ts";

/** What is to be predicted, and what the answer is to have. */
export interface InferRequest {
  /** What the client calls its request; the answer repeats it. */
  readonly id: string | undefined;
  readonly batch: Batch;
  /** In the order in which they are wanted. */
  readonly outputs: readonly RequestedOutput[];
}

/** What a request is read for. */
export interface InferredModel {
  readonly input: TensorSpec;
  readonly output: TensorSpec;
  /** How many instances one request may bring. @default 1024 */
  readonly maxInstances?: number;
}

/**
 * Reads an inference request, JSON alone or with binary tensors behind it.
 * @param body bytes of the request; anything else if it had none
 * @param jsonLength text of the header `Inference-Header-Content-Length`, if there was one
 * @throws {HttpError} 400 that says what was expected
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md#inference
 */
export function parseInferRequest(
  body: unknown,
  jsonLength: string | undefined,
  { input, output, maxInstances = defaultMaxInstances }: InferredModel,
): InferRequest {
  const expected = `expected a JSON object such as {"inputs": [{"name": "${input.name}", "shape": [${[1, ...input.shape.slice(1)].join(", ")}], "datatype": "${input.datatype}", "data": [...]}]}`;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const { json, binary } = splitBody(bytes, jsonLength);
  const request = parseJsonObject(json, expected);
  const id = request["id"] ?? undefined;
  if (id !== undefined && typeof id !== "string") {
    throw badRequest(`"id" is of type ${typeof id}; expected a string`);
  }
  const tensor = onlyInput(request["inputs"], input, expected);
  const head = headOf(tensor, input, maxInstances);
  const values = valuesOf(tensor, head, binary);
  checkValues(values, input);
  return {
    id,
    batch: { values, size: head.shape[0] ?? 0 },
    outputs: requestedOutputs(request, [output]),
  };
}

function onlyInput(inputs: unknown, { name }: TensorSpec, expected: string): JsonObject {
  if (!Array.isArray(inputs)) throw badRequest(`"inputs" is no list; ${expected}`);
  const [tensor]: unknown[] = inputs;
  if (inputs.length !== 1 || !isJsonObject(tensor)) {
    throw badRequest(`expected one tensor in "inputs", got ${inputs.length}; ${expected}`);
  }
  if (tensor["name"] === name) return tensor;
  throw badRequest(`the input's name is ${shown(tensor["name"])}; expected "${name}"`);
}

/** Name, datatype and shape of an input, which must be the model's with some instances. */
function headOf(tensor: JsonObject, { name, shape }: TensorSpec, limit: number): TensorHead {
  const { datatype, shape: sizes } = tensor;
  if (typeof datatype !== "string") {
    throw badRequest(
      `"datatype" of "${name}" is ${shown(datatype)}; expected a name such as "FP32"`,
      "type",
    );
  }
  const [batch, ...rest]: unknown[] = Array.isArray(sizes) ? sizes : [];
  const isShape =
    Array.isArray(sizes) &&
    sizes.length === shape.length &&
    rest.every((size, index) => size === shape[index + 1]);
  if (!isShape || typeof batch !== "number" || !Number.isInteger(batch) || batch < 1) {
    throw badRequest(
      `"shape" of "${name}" is ${shown(sizes)}; expected [${["n", ...shape.slice(1)].join(", ")}] with at least one instance`,
      "shape",
    );
  }
  if (batch > limit) {
    throw badRequest(`expected at most ${limit} instances, got ${batch}`, "shape");
  }
  return { name, datatype, shape: [batch, ...shape.slice(1)] };
}

function valuesOf(tensor: JsonObject, head: TensorHead, binary: Buffer): Float32Array {
  const parameters = parametersOf(tensor, `"${head.name}"`);
  if (Object.hasOwn(parameters, "shared_memory_region")) {
    throw badRequest(`"${head.name}" is in shared memory, which this server does not read`);
  }
  const size = parameters["binary_data_size"] ?? undefined;
  const data = tensor["data"] ?? undefined;
  if (size === undefined) {
    if (binary.length === 0) return jsonValues(data, head);
    throw badRequest(
      `there are ${binary.length} bytes behind the JSON; expected "binary_data_size" in the parameters of "${head.name}"`,
    );
  }
  if (data !== undefined) {
    throw badRequest(`"${head.name}" has "data" and "binary_data_size"; expected one of them`);
  }
  if (size !== binary.length) {
    throw badRequest(
      `"binary_data_size" of "${head.name}" is ${shown(size)}; ${binary.length} bytes follow the JSON`,
      "shape",
    );
  }
  return binaryValues(binary, head);
}
