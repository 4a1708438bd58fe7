/** Kinds of images that are read here. */
export type ImageKind = "png" | "jpeg";

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const jpegSignature = [0xff, 0xd8, 0xff];

/** What bytes are by their first ones, whatever they are called; nothing if neither PNG nor JPEG. */
export function imageKind(content: Uint8Array): ImageKind | undefined {
  const begins = (signature: readonly number[]) =>
    signature.every((byte, index) => content[index] === byte);
  if (begins(pngSignature)) return "png";
  return begins(jpegSignature) ? "jpeg" : undefined;
}

/**
 * Whether a PNG says that it has several frames: a chunk `acTL` before its pixels.
 * @see https://www.w3.org/TR/png-3/#acTL-chunk
 */
export function isAnimated(png: Uint8Array): boolean {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  // A chunk is its length, its name, that many bytes, and a checksum.
  let offset = pngSignature.length;
  while (offset + 12 <= png.byteLength) {
    const name = String.fromCharCode(...png.subarray(offset + 4, offset + 8));
    if (name === "acTL") return true;
    if (name === "IDAT") return false;
    offset += 12 + view.getUint32(offset);
  }
  return false;
}
