import { instanceLength, type TensorSpec } from "@updraft/contracts/signature";
import { badRequest, quoted } from "./bad-request.ts";
import { bytesOf } from "./base64.ts";
import { isJsonObject } from "./json-object.ts";

/** Instances one after another, as the engine takes them. */
export interface Batch {
  readonly values: Float32Array;
  readonly size: number;
}

/** How many instances one request may bring where nothing else is said. */
export const maxInstances = 1024;

/**
 * Reads instances, each nested or flat as long as it has as many values as the input's shape.
 * @param instances one value, list or nested list for each instance; an object with the input's
 *   name stands for its value, one with the names of all its features for their values, and
 *   `{"b64": …}` for the bytes of an input that takes bytes
 * @param limit how many may be given
 * @throws {HttpError} 400 that says which instance is wrong, how, and what was expected
 */
export function parseInstances(
  instances: unknown,
  input: TensorSpec,
  limit: number = maxInstances,
): Batch {
  if (!Array.isArray(instances) || instances.length === 0) {
    throw badRequest(
      `expected a list with at least one instance of ${describeInput(input)}`,
      "shape",
    );
  }
  if (instances.length > limit) {
    throw badRequest(`expected at most ${limit} instances, got ${instances.length}`, "shape");
  }
  const length = instanceLength(input);
  const values = new Float32Array(instances.length * length);
  for (const [index, instance] of instances.entries()) {
    const room = { values, limit: (index + 1) * length, depth: input.shape.length - 1 };
    const end = fill(room, index * length, valueOf(instance, input));
    if (end !== (index + 1) * length) {
      throw badRequest(
        `instance ${index} has ${end > (index + 1) * length ? `more than ${length}` : end - index * length} values; expected ${describeInput(input)}`,
        "shape",
      );
    }
  }
  checkValues(values, input);
  return { values, size: instances.length };
}

/** The input in words: `"image": 784 numbers of shape [28, 28, 1], each from 0 to 255`. */
export function describeInput(input: TensorSpec): string {
  const range = input.range ? `, each from ${input.range.min} to ${input.range.max}` : "";
  const names = input.features ? ` (${input.features.join(", ")})` : "";
  return `"${input.name}": ${instanceLength(input)} numbers of shape [${input.shape.slice(1).join(", ")}]${range}${names}`;
}

/**
 * What is given under names: the value of the input, or those of all its features in their order.
 * @returns nothing if it has no names
 * @throws {HttpError} 400 that says which names were expected
 */
export function named(
  given: unknown,
  { name, features }: TensorSpec,
): { readonly value: unknown } | { readonly columns: readonly unknown[] } | undefined {
  if (!isJsonObject(given)) return undefined;
  const keys = Object.keys(given);
  if (keys.length === 1 && keys[0] === name) return { value: given[name] };
  if (features?.length === keys.length && features.every((key) => Object.hasOwn(given, key))) {
    return { columns: features.map((key) => given[key]) };
  }
  const columns = features ? `, or its columns ${features.join(", ")}` : "";
  throw badRequest(`expected the one input "${name}"${columns}, got ${quoted(keys)}`);
}

function valueOf(instance: unknown, input: TensorSpec): unknown {
  const bytes = bytesOf(instance, input);
  if (bytes) return bytes;
  const found = named(instance, input);
  if (!found) return instance;
  if ("columns" in found) return found.columns;
  return bytesOf(found.value, input) ?? found.value;
}

/** Where the numbers of an instance go. */
interface Room {
  readonly values: Float32Array;
  /** Index behind the last value of the instance. */
  readonly limit: number;
  /** How deep lists may be nested. */
  readonly depth: number;
}

/** Writes nested numbers from an offset on; returns where it ended, beyond the limit by one at most. */
function fill(room: Room, offset: number, nested: unknown, depth = 0): number {
  if (typeof nested === "number") {
    if (offset < room.limit) room.values[offset] = nested;
    return offset + 1;
  }
  if (nested instanceof Uint8Array) {
    room.values.set(nested, offset);
    return offset + nested.length;
  }
  if (!Array.isArray(nested)) {
    throw badRequest(`expected numbers, got ${nested === null ? "null" : typeof nested}`, "type");
  }
  if (depth === room.depth)
    throw badRequest(`the values are nested more than ${depth} deep`, "shape");
  let end = offset;
  for (const item of nested) {
    end = fill(room, end, item, depth + 1);
    if (end > room.limit) return end;
  }
  return end;
}

/**
 * Checks that all values are numbers within the input's range.
 * @param values instances one after another
 * @throws {HttpError} 400 that names the first value that is not, and its instance
 */
export function checkValues(values: Float32Array, input: TensorSpec): void {
  // Where there is no range, what float32 cannot hold is still no number.
  const { min, max } = input.range ?? { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };
  const wrong = values.findIndex((value) => !(value >= min && value <= max));
  if (wrong < 0) return;
  const length = instanceLength(input);
  throw badRequest(
    `value ${wrong % length} of instance ${Math.floor(wrong / length)} is ${values[wrong]}; expected ${describeInput(input)}`,
    "range",
  );
}
