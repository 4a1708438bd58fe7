import { crc32, deflateSync } from "node:zlib";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** PNG's colour types, by how many channels a pixel has. */
const colourTypes = { 1: 0, 3: 2 } as const;

/** An image in memory. */
export interface Pixels {
  /** Row by row, pixel by pixel: 0 dark to 255 bright. */
  readonly values: Uint8Array;
  readonly width: number;
  /** 1 grey, 3 red, green and blue. */
  readonly channels: keyof typeof colourTypes;
}

/**
 * An image as PNG.
 * @param scale how many times as large each pixel is drawn. @default 1
 * @see https://www.w3.org/TR/png-3/
 */
export function pngOf({ values, width, channels }: Pixels, scale = 1): Buffer {
  const rowLength = width * channels;
  const height = values.length / rowLength;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width * scale, 0);
  header.writeUInt32BE(height * scale, 4);
  // 8 bits a channel; the zeros after the colour: deflate, standard filters, not interlaced.
  header.writeUInt8(8, 8);
  header.writeUInt8(colourTypes[channels], 9);
  const lines = Array.from({ length: height }, (_, row) => {
    const line = Buffer.alloc(1 + rowLength * scale);
    for (let at = 0; at < rowLength * scale; at += 1) {
      const pixel = Math.floor(at / channels / scale);
      line[1 + at] = values[row * rowLength + pixel * channels + (at % channels)] ?? 0;
    }
    return Array.from({ length: scale }, () => line);
  });
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(lines.flat()))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
