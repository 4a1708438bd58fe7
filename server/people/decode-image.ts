import { HttpError } from "@updraft/contracts/http-error";
import { messageOf } from "@updraft/contracts/message-of";
import type { default as SharpLibrary, Sharp } from "sharp";
import { BadRequestError } from "../protocols/bad-request.ts";
import { imageKind, isAnimated } from "./image-kind.ts";

/** Largest image as a file, in bytes. */
export const maxImageBytes = 8 * 1024 * 1024;

/** Most pixels that an image may have once it is unpacked: 4096 x 4096, a photo of 16 megapixels. */
export const maxImagePixels = 16 * 1024 * 1024;

/** How long unpacking one may take. */
const unpackSeconds = 10;

/** A decoded image. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `[height, width, channels]`, from 0 to 255. */
  readonly data: Uint8Array;
}

/**
 * Unpacks a PNG or JPEG, upright, and lets it be shaped before its pixels are read.
 * @param content bytes of the file; what they are is seen by them alone
 * @throws {HttpError} 415 if it is something else or moves, 413 if it is too large, 400 if it is broken
 */
export async function decodeImage(
  content: Uint8Array,
  shape: (image: Sharp) => Sharp,
): Promise<Pixels> {
  checkFile(content);
  const open = await imageLibrary();
  try {
    const { width, height } = await open(content, { limitInputPixels: false }).metadata();
    if (width * height > maxImagePixels) throw tooManyPixels(width, height);
    const image = open(content, {
      autoOrient: true,
      failOn: "error",
      limitInputPixels: maxImagePixels,
    });
    const { data, info } = await shape(image)
      .timeout({ seconds: unpackSeconds })
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (error) {
    if (error instanceof HttpError) throw error;
    const reason = messageOf(error).trim();
    throw new BadRequestError(
      `the image cannot be read (${reason}); expected a whole PNG or JPEG`,
      "image",
      { cause: error },
    );
  }
}

function checkFile(content: Uint8Array): void {
  if (content.byteLength > maxImageBytes) {
    throw new HttpError(
      413,
      "TOO_LARGE",
      `the image has ${content.byteLength} bytes, more than the ${maxImageBytes} that are read; send a smaller one`,
    );
  }
  const kind = imageKind(content);
  if (kind === undefined) {
    throw new HttpError(
      415,
      "UNSUPPORTED_MEDIA_TYPE",
      "the image is neither PNG nor JPEG by its first bytes; convert it to one of them",
    );
  }
  if (kind === "png" && isAnimated(content)) {
    throw new HttpError(
      415,
      "UNSUPPORTED_MEDIA_TYPE",
      "the PNG is animated; send one of its frames",
    );
  }
}

function tooManyPixels(width: number, height: number): HttpError {
  return new HttpError(
    413,
    "TOO_LARGE",
    `the image has ${width} x ${height} pixels, more than the ${maxImagePixels} that are read; send a smaller one`,
  );
}

let library: Promise<typeof SharpLibrary> | undefined;

/**
 * Imported when the first image comes: a native library, for which neither the start nor a server
 * that is sent no images should pay. Of its decoders only two stay open.
 */
function imageLibrary(): Promise<typeof SharpLibrary> {
  library ??= import("sharp").then(({ default: loaded }) => {
    loaded.cache(false);
    loaded.block({ operation: ["VipsForeignLoad"] });
    loaded.unblock({ operation: ["VipsForeignLoadPngBuffer", "VipsForeignLoadJpegBuffer"] });
    return loaded;
  });
  return library;
}
