import type { TensorSpec } from "@updraft/contracts/signature";
import { badRequest, quoted } from "./bad-request.ts";
import { type Batch, describeInput, named, parseInstances } from "./instances.ts";
import { parseJsonObject } from "./json-object.ts";

/** What is to be predicted, and in which of the two forms the answer is wanted. */
export interface PredictRequest {
  readonly batch: Batch;
  readonly form: "row" | "column";
}

/**
 * Reads the body of a predict request: `{"instances": [...]}` (row form) or `{"inputs": ...}`
 * (column form), never both.
 * @param body bytes of the request; anything else if it had none
 * @param limit how many instances it may bring. @default maxInstances
 * @throws {HttpError} 400 that says what was expected
 */
export function parsePredictRequest(
  body: unknown,
  input: TensorSpec,
  limit?: number,
): PredictRequest {
  const request = parseJsonObject(
    body,
    `expected a JSON object such as {"instances": [...]}; an instance is ${describeInput(input)}`,
  );
  const signature = request["signature_name"] ?? "serving_default";
  if (signature !== "serving_default") {
    const asked = typeof signature === "string" ? signature : typeof signature;
    throw badRequest(`there is no signature "${quoted([asked])}", only "serving_default"`);
  }
  const forms = (["instances", "inputs"] as const).filter((form) => Object.hasOwn(request, form));
  if (forms.length !== 1) {
    const got = forms.length === 0 ? "neither" : "both";
    throw badRequest(
      `expected "instances" (a list of instances) or "inputs" (all values of the input), got ${got}; an instance is ${describeInput(input)}`,
    );
  }
  if (forms[0] === "instances") {
    return { batch: parseInstances(request["instances"], input, limit), form: "row" };
  }
  const rows = columnOf(request["inputs"], input);
  return { batch: parseInstances(rows, input, limit), form: "column" };
}

/**
 * The column form of a model with one input: its values, with or without the input's name, or a
 * column for each of its features.
 */
function columnOf(inputs: unknown, input: TensorSpec): unknown {
  const found = named(inputs, input);
  if (!found) return inputs;
  return "value" in found ? found.value : rowsOf(found.columns);
}

/** One row for each instance. */
function rowsOf(columns: readonly unknown[]): unknown[][] {
  const lists = columns.map((column) => (Array.isArray(column) ? column : [column]));
  const [length, ...others] = lists.map((column) => column.length);
  if (others.some((other) => other !== length)) {
    throw badRequest(
      `the columns have ${lists.map((column) => column.length).join(", ")} values; expected as many in each`,
      "shape",
    );
  }
  return Array.from({ length: length ?? 0 }, (_, row) =>
    lists.map((column): unknown => column[row]),
  );
}
