/** How the values of a datatype are written, and what they may be. */
export interface WireType {
  /** Bytes of one value in a binary tensor. */
  readonly bytes: number;
  /** Reads one value of a binary tensor, which is little-endian. */
  read(view: DataView, offset: number): number;
  /** The smallest and the largest value of a type of whole numbers. */
  readonly limits?: readonly [min: number, max: number];
  /** Whether JSON has it as numbers; BOOL is true and false there, and FP16 is not there. @default "numbers" */
  readonly json?: "numbers" | "booleans" | "none";
}

const signed = (bits: number) => [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] as const;
const unsigned = (bits: number) => [0, 2 ** bits - 1] as const;

/**
 * The datatypes that an FP32 input takes, by their names in the protocol: all but BYTES.
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md#tensor-data-types
 */
export const wireTypes: ReadonlyMap<string, WireType> = new Map<string, WireType>([
  ["BOOL", { bytes: 1, read: (view, at) => view.getUint8(at), limits: [0, 1], json: "booleans" }],
  ["UINT8", { bytes: 1, read: (view, at) => view.getUint8(at), limits: unsigned(8) }],
  ["UINT16", { bytes: 2, read: (view, at) => view.getUint16(at, true), limits: unsigned(16) }],
  ["UINT32", { bytes: 4, read: (view, at) => view.getUint32(at, true), limits: unsigned(32) }],
  [
    "UINT64",
    { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)), limits: unsigned(64) },
  ],
  ["INT8", { bytes: 1, read: (view, at) => view.getInt8(at), limits: signed(8) }],
  ["INT16", { bytes: 2, read: (view, at) => view.getInt16(at, true), limits: signed(16) }],
  ["INT32", { bytes: 4, read: (view, at) => view.getInt32(at, true), limits: signed(32) }],
  [
    "INT64",
    { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)), limits: signed(64) },
  ],
  ["FP16", { bytes: 2, read: (view, at) => view.getFloat16(at, true), json: "none" }],
  ["FP32", { bytes: 4, read: (view, at) => view.getFloat32(at, true) }],
  ["FP64", { bytes: 8, read: (view, at) => view.getFloat64(at, true) }],
]);

/**
 * What is wrong with a value of this type, if anything is: whole numbers must be the same in
 * float32, as all up to 2^24 are. Others are rounded to the next float32.
 */
export function wrongValue({ limits }: WireType, value: number): string | undefined {
  if (!limits) return undefined;
  const [min, max] = limits;
  if (!Number.isInteger(value)) return "is no whole number";
  if (value < min || value > max) return `is not from ${min} to ${max}`;
  // What JSON or a 64-bit number has beyond 2^53 was rounded before it came here.
  if (Number.isSafeInteger(value) && Math.fround(value) === value) return undefined;
  return "has no float32 of the same value";
}
