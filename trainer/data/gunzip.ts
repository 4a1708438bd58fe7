import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DataError } from "@updraft/models/dataset";

/** Largest content that is unpacked: a hundred times MNIST's images. */
const maxBytes = 5_000_000_000;

/**
 * The content of a gzipped file.
 * @throws {DataError} if it is not gzip, damaged, cut short or followed by something else
 */
export async function gunzip(packed: Uint8Array, origin: string): Promise<Uint8Array> {
  const stream = createGunzip();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    await pipeline([packed], stream, async (unpacked: AsyncIterable<Buffer>) => {
      for await (const chunk of unpacked) {
        length += chunk.length;
        if (length > maxBytes) throw new Error(`more than ${maxBytes} bytes come out of it`);
        chunks.push(chunk);
      }
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(
      origin,
      stream.bytesWritten,
      `the gzip stream is broken from here on (${reason}); expected a whole gzip file`,
      { cause: error },
    );
  }
  if (stream.bytesWritten < packed.byteLength) {
    throw new DataError(
      origin,
      stream.bytesWritten,
      `${packed.byteLength - stream.bytesWritten} bytes follow the gzip stream; expected the file to end here`,
    );
  }
  return Buffer.concat(chunks, length);
}
