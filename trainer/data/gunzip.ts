import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DataError } from "@updraft/models/dataset";
import { largestFileBytes } from "./largest-file.ts";

/** Largest content that is unpacked. */
const maxBytes = largestFileBytes;

/**
 * The content of a gzipped file.
 * @throws {DataError} if it is not gzip, damaged, cut short or followed by something else
 */
export async function gunzip(packed: Uint8Array, origin: string): Promise<Uint8Array> {
  const stream = createGunzip();
  let content = Buffer.allocUnsafeSlow(announcedBytes(packed));
  let length = 0;
  try {
    await pipeline([packed], stream, async (unpacked: AsyncIterable<Buffer>) => {
      for await (const chunk of unpacked) {
        const end = length + chunk.length;
        if (end > maxBytes) throw new Error(`more than ${maxBytes} bytes come out of it`);
        if (end > content.length) content = enlarged(content, Math.max(end, 2 * content.length));
        content.set(chunk, length);
        length = end;
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
  return content.subarray(0, length);
}

/** The most that deflate can pack into a byte. */
const bestRatio = 1032;

/**
 * How long the content is, as the last four bytes say, so that it is in memory once. They are wrong
 * of a file that is damaged, very long, or made of several.
 * @see https://www.rfc-editor.org/rfc/rfc1952
 */
function announcedBytes(packed: Uint8Array): number {
  if (packed.byteLength < 4) return 0;
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const announced = view.getUint32(packed.byteLength - 4, true);
  return announced <= packed.byteLength * bestRatio ? announced : 0;
}

function enlarged(content: Uint8Array, length: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(length);
  larger.set(content);
  return larger;
}
