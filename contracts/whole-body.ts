import { randomUUID } from "node:crypto";
import { createWriteStream, openAsBlob } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Longest content that is kept in memory, in bytes. */
const longestInMemory = 8 * 1024 * 1024;

/** A body of known length that can be sent more than once. */
export interface WholeBody {
  readonly body: Uint8Array<ArrayBuffer> | Blob;
  /** Removes what it lies in. */
  dispose(): Promise<void>;
}

/**
 * Content of any length as a body of known length: what is short lies in memory, what is long in a
 * temporary file. Not every server takes a body whose length it is not told.
 */
export async function wholeBody(
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<WholeBody> {
  if (typeof content === "string" || content instanceof Uint8Array) {
    return inMemory(new Uint8Array(Buffer.from(content)));
  }
  const chunks = content[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let bytes = 0;
  while (bytes <= longestInMemory) {
    const { done, value } = await chunks.next();
    if (done) return inMemory(new Uint8Array(Buffer.concat(first)));
    first.push(value);
    bytes += value.byteLength;
  }
  return inFile(first, chunks);
}

function inMemory(body: Uint8Array<ArrayBuffer>): WholeBody {
  return { body, dispose: async () => undefined };
}

async function inFile(
  first: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): Promise<WholeBody> {
  const file = join(tmpdir(), `updraft-upload-${randomUUID()}`);
  const dispose = () => rm(file, { force: true });
  const all = async function* () {
    yield* first;
    yield* { [Symbol.asyncIterator]: () => rest };
  };
  try {
    await pipeline(Readable.from(all()), createWriteStream(file, { mode: 0o600 }));
    return { body: await openAsBlob(file), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
