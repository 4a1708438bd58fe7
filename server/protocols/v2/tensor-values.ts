import { badRequest, shown } from "../bad-request.ts";
import { type WireType, wireTypes, wrongValue } from "./datatypes.ts";

/** A tensor as its sender describes it; the shape has been checked against the model's. */
export interface TensorHead {
  readonly name: string;
  /** One of `wireTypes`. */
  readonly datatype: string;
  /** Sizes of all dimensions, the batch first. */
  readonly shape: readonly number[];
}

/** How many values the tensor has: the product of its sizes. */
export function valueCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * The values of a tensor in JSON: one flat list, or lists nested as the shape says.
 * @throws {HttpError} 400 that says which list is too long or too short, or which value is wrong
 */
export function jsonValues(data: unknown, head: TensorHead): Float32Array {
  const wire = wireTypeOf(head);
  if (wire.json === "none") {
    throw badRequest(
      `"${head.name}" is ${head.datatype}, which JSON does not have; send it as a binary tensor, or as FP32`,
      "type",
    );
  }
  const values = new Float32Array(valueCount(head.shape));
  const isNested = head.shape.length > 1 && Array.isArray(data) && Array.isArray(data[0]);
  fill({ values, wire, head }, data, isNested ? head.shape : [values.length], 0);
  return values;
}

/** What is being filled, and what with. */
interface Filling {
  readonly values: Float32Array;
  readonly wire: WireType;
  readonly head: TensorHead;
}

/** Writes the values of a list, nested as the sizes say, from an offset on. */
function fill(
  filling: Filling,
  list: unknown,
  [size = 0, ...sizes]: readonly number[],
  offset: number,
): void {
  const { values, wire, head } = filling;
  if (!Array.isArray(list) || list.length !== size) {
    const got = Array.isArray(list) ? `a list of ${list.length}` : kindOf(list);
    throw badRequest(
      `"data" of "${head.name}" has ${got} where a list of ${size} is expected, as its shape [${head.shape.join(", ")}] says`,
      "shape",
    );
  }
  const stride = valueCount(sizes);
  for (let index = 0; index < size; index += 1) {
    const item: unknown = list[index];
    if (sizes.length > 0) fill(filling, item, sizes, offset + index * stride);
    else values[offset + index] = numberOf(item, wire, head);
  }
}

function numberOf(item: unknown, wire: WireType, { name, datatype }: TensorHead): number {
  const expected = wire.json === "booleans" ? "boolean" : "number";
  if (typeof item !== expected) {
    throw badRequest(
      `"${name}" is ${datatype}; expected a ${expected} for each value, got ${kindOf(item)}`,
      "type",
    );
  }
  const value = Number(item);
  check(value, wire, { name, datatype });
  return value;
}

/**
 * The values of a binary tensor: little-endian, row-major. Of FP32 it is a view of the same bytes
 * where they are aligned.
 * @throws {HttpError} 400 if they are not as many bytes as the shape says, or a value is wrong
 */
export function binaryValues(bytes: Buffer, head: TensorHead): Float32Array {
  const wire = wireTypeOf(head);
  const count = valueCount(head.shape);
  if (bytes.length !== count * wire.bytes) {
    throw badRequest(
      `"${head.name}" has ${bytes.length} bytes; expected ${count * wire.bytes}, as ${head.datatype} of shape [${head.shape.join(", ")}] has`,
      "shape",
    );
  }
  if (head.datatype === "FP32") return floats(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const values = new Float32Array(count);
  for (let index = 0; index < count; index += 1) {
    const value = wire.read(view, index * wire.bytes);
    check(value, wire, head);
    values[index] = value;
  }
  return values;
}

/** Machines that run this are little-endian, as the wire is. */
function floats(bytes: Buffer): Float32Array {
  const size = Float32Array.BYTES_PER_ELEMENT;
  if (bytes.byteOffset % size === 0) {
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / size);
  }
  return new Float32Array(new Uint8Array(bytes).buffer);
}

function wireTypeOf({ name, datatype }: TensorHead): WireType {
  const wire = wireTypes.get(datatype);
  if (wire) return wire;
  const known = [...wireTypes.keys()].join(", ");
  throw badRequest(
    `"datatype" of "${name}" is ${shown(datatype)}; expected one of ${known}`,
    "type",
  );
}

function check(
  value: number,
  wire: WireType,
  { name, datatype }: Pick<TensorHead, "name" | "datatype">,
): void {
  const wrong = wrongValue(wire, value);
  if (wrong) throw badRequest(`"${name}" is ${datatype}, and ${value} ${wrong}`, "range");
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value;
}
