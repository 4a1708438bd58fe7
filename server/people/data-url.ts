import { HttpError } from "@updraft/contracts/http-error";
import { badRequest } from "../protocols/bad-request.ts";
import { maxImageBytes } from "./decode-image.ts";

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The bytes of an image in a data URL.
 * @throws {HttpError} 400 if it is none, 413 if it is too large, 415 of another type
 * @see https://www.rfc-editor.org/rfc/rfc2397
 */
export function imageOfDataUrl(url: string): Uint8Array {
  const comma = url.indexOf(",");
  const head = comma < 0 ? undefined : url.slice(0, Math.min(comma, 100)).toLowerCase();
  if (head === undefined || !head.startsWith("data:") || !head.endsWith(";base64")) {
    throw badRequest(
      'expected "image" to be a data URL, data:image/png;base64,... or data:image/jpeg;base64,...; addresses are not fetched',
      "image",
    );
  }
  if (head !== "data:image/png;base64" && head !== "data:image/jpeg;base64") {
    throw new HttpError(
      415,
      "UNSUPPORTED_MEDIA_TYPE",
      `the image's data URL begins with ${JSON.stringify(head)}; expected data:image/png;base64 or data:image/jpeg;base64`,
    );
  }
  const text = url.slice(comma + 1);
  if (text.length > Math.ceil(maxImageBytes / 3) * 4) {
    throw new HttpError(
      413,
      "TOO_LARGE",
      `the image has more than the ${maxImageBytes} bytes that are read; send a smaller one`,
    );
  }
  if (!base64.test(text)) {
    throw badRequest("the image's data URL is no base64", "image");
  }
  return Buffer.from(text, "base64");
}
