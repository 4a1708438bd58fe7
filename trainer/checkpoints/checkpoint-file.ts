import { createHash, timingSafeEqual } from "node:crypto";
import { Digest } from "@updraft/contracts/digest";
import { z } from "zod";
import { messageOf } from "@updraft/contracts/message-of";
import { TrainingProgress, type TrainingState } from "../training/training-state.ts";

/** Which run a checkpoint was written in. */
const Writer = z.strictObject({
  runId: z.string().min(1),
  /** Of the sweep whose trial it is. */
  sweepId: z.string().optional(),
});

const Header = z.strictObject({
  /** What the training is made from: see `runKey`. */
  key: Digest,
  datasetDigest: Digest,
  writer: Writer,
  savedAt: z.iso.datetime(),
  progress: TrainingProgress,
  tensors: z.array(z.strictObject({ name: z.string(), shape: z.array(z.int().min(0)) })),
});

/** Where a training was at the end of an epoch, and whose it is. */
export interface Checkpoint extends Pick<
  z.infer<typeof Header>,
  "key" | "datasetDigest" | "writer" | "savedAt"
> {
  readonly state: TrainingState;
}

/** The bytes are no checkpoint, or not the ones that were written. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

const magic = Buffer.from("UPDRAFT1");
const sumLength = 32;
const lengthLength = 4;
const bodyStart = magic.length + sumLength;
const valueLength = Float32Array.BYTES_PER_ELEMENT;

/**
 * A checkpoint as one file: `UPDRAFT1`; 32 bytes of SHA-256 over everything after them; the length
 * of the header, uint32; the header, JSON; the tensors in the header's order, float32, row-major.
 * All numbers are little-endian.
 */
export function encodeCheckpoint({ state, ...rest }: Checkpoint): Uint8Array {
  const { progress, tensors } = state;
  const shapes = tensors.map(({ name, shape }) => ({ name, shape }));
  const header = Buffer.from(JSON.stringify({ ...rest, progress, tensors: shapes }));
  const length = Buffer.alloc(lengthLength);
  length.writeUInt32LE(header.length);
  const body = [length, header, ...tensors.map(({ values }) => littleEndian(values))];
  return Buffer.concat([magic, sumOf(body), ...body]);
}

/** @throws {CheckpointError} if a byte is missing or another one */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < bodyStart + lengthLength || !file.subarray(0, magic.length).equals(magic)) {
    throw new CheckpointError("it is no checkpoint of this trainer");
  }
  const body = file.subarray(bodyStart);
  if (!timingSafeEqual(sumOf([body]), file.subarray(magic.length, bodyStart))) {
    throw new CheckpointError(
      "its checksum is not that of its content: it is torn, or was changed",
    );
  }
  const tensorsStart = lengthLength + body.readUInt32LE(0);
  const { progress, tensors, ...rest } = parseHeader(body.subarray(lengthLength, tensorsStart));
  let offset = tensorsStart;
  const filled = tensors.map(({ name, shape }) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = valuesOf(body.subarray(offset, (offset += count * valueLength)), count);
    return { name, shape, values };
  });
  if (offset !== body.length) throw new CheckpointError("its tensors have another length");
  return { ...rest, state: { progress, tensors: filled } };
}

/**
 * When a checkpoint was saved, in milliseconds since 1970, as its header says it unchecked.
 * @param read some of the file's bytes: from the first, counted from 0, to the last
 * @throws {CheckpointError} if it is none
 */
export async function savedAt(
  read: (start: number, end: number) => Promise<Buffer>,
): Promise<number> {
  const headerStart = bodyStart + lengthLength;
  const start = await read(0, headerStart - 1);
  if (start.length < headerStart || !start.subarray(0, magic.length).equals(magic)) {
    throw new CheckpointError("it is no checkpoint of this trainer");
  }
  const header = await read(headerStart, headerStart + start.readUInt32LE(bodyStart) - 1);
  return Date.parse(parseHeader(header).savedAt);
}

function parseHeader(json: Uint8Array): z.infer<typeof Header> {
  try {
    return Header.parse(JSON.parse(Buffer.from(json).toString("utf8")));
  } catch (error) {
    throw new CheckpointError(`its header cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function sumOf(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function littleEndian(values: Float32Array): Buffer {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return isLittleEndian ? bytes : Buffer.from(bytes).swap32();
}

/** A copy of its own: the place in a file is seldom one where a Float32Array may begin. */
function valuesOf(bytes: Uint8Array, count: number): Float32Array {
  if (bytes.length !== count * valueLength) {
    throw new CheckpointError("its tensors have another length");
  }
  const copy = Buffer.from(bytes);
  if (!isLittleEndian) copy.swap32();
  const values = new Float32Array(count);
  new Uint8Array(values.buffer).set(copy);
  return values;
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
