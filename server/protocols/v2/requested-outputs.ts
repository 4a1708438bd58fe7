import type { TensorSpec } from "@updraft/contracts/signature";
import { badRequest, shown } from "../bad-request.ts";
import { isJsonObject, type JsonObject } from "../json-object.ts";
import { parametersOf } from "./parameters.ts";

/** An output that the answer is to have. */
export interface RequestedOutput {
  readonly spec: TensorSpec;
  /** Whether it follows the answer's JSON as bytes. */
  readonly isBinary: boolean;
}

/** What `outputs[].parameters` may ask for and this server does not give. */
const refused = ["classification", "shared_memory_region"];

/**
 * The outputs that a request wants, in its order; all if it names none. An output's own
 * `binary_data` is stronger than the request's `binary_data_output`.
 * @throws {HttpError} 400 if there is no such output, or it wants more than there are
 * @see https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md
 */
export function requestedOutputs(
  request: JsonObject,
  specs: readonly TensorSpec[],
): readonly RequestedOutput[] {
  const isBinary = flag(parametersOf(request, "the request"), "binary_data_output") ?? false;
  const outputs = request["outputs"] ?? [];
  if (!Array.isArray(outputs)) throw badRequest(`"outputs" is no list; expected [{"name": …}]`);
  if (outputs.length === 0) return specs.map((spec) => ({ spec, isBinary }));
  if (outputs.length > specs.length) {
    throw badRequest(`expected at most ${specs.length} in "outputs", got ${outputs.length}`);
  }
  return outputs.map((output: unknown) => {
    const name = isJsonObject(output) ? output["name"] : undefined;
    const spec = specs.find((known) => known.name === name);
    if (!isJsonObject(output) || !spec) {
      const names = specs.map((known) => `"${known.name}"`).join(", ");
      throw badRequest(`the name of a wanted output is ${shown(name)}; expected ${names}`);
    }
    const parameters = parametersOf(output, `the output "${spec.name}"`);
    const other = refused.find((known) => Object.hasOwn(parameters, known));
    if (other) throw badRequest(`this server has no "${other}" of outputs; leave it out`);
    return { spec, isBinary: flag(parameters, "binary_data") ?? isBinary };
  });
}

function flag(parameters: JsonObject, name: string): boolean | undefined {
  const value = parameters[name] ?? undefined;
  if (value === undefined || typeof value === "boolean") return value;
  throw badRequest(`"${name}" is ${shown(value)}; expected true or false`);
}
