import { badRequest } from "../bad-request.ts";

/** The two parts of a body with binary tensors. */
export interface SplitBody {
  /** Bytes of the JSON object. */
  readonly json: Buffer;
  /** Bytes of the tensors behind it, one after another. */
  readonly binary: Buffer;
}

/** The header that says how long the JSON before binary tensors is, in bytes. */
export const jsonLengthHeader = "Inference-Header-Content-Length";

/**
 * Splits a body into its JSON and the binary tensors behind that; neither is copied.
 * @param jsonLength the header's text; without one the whole body is JSON
 * @throws {HttpError} 400 if it is no length, or more than there is
 * @see https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md
 */
export function splitBody(body: Buffer, jsonLength: string | undefined): SplitBody {
  if (jsonLength === undefined) return { json: body, binary: body.subarray(body.length) };
  const length = /^\d{1,15}$/.test(jsonLength) ? Number(jsonLength) : Number.NaN;
  if (length > 0 && length <= body.length) {
    return { json: body.subarray(0, length), binary: body.subarray(length) };
  }
  throw badRequest(
    `${jsonLengthHeader} is "${jsonLength.slice(0, 40)}"; expected how many of the body's ${body.length} bytes are its JSON`,
  );
}
