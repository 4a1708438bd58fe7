import { instanceLength, type TensorSpec } from "@updraft/contracts/signature";
import { badRequest } from "./bad-request.ts";
import { isJsonObject } from "./json-object.ts";

/** As RFC 4648 writes it, section 4. */
const alphabet = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The bytes of a value as TensorFlow Serving writes them, `{"b64": "<base64>"}`: one for each value
 * of an instance, as an image's pixels are.
 * @returns nothing if the value is no such object
 * @throws {HttpError} 400 if the input takes no bytes, or the text is no base64 of as many as it has values
 * @see https://www.tensorflow.org/tfx/serving/api_rest#encoding_binary_values
 */
export function bytesOf(value: unknown, input: TensorSpec): Uint8Array | undefined {
  if (!isJsonObject(value) || !Object.hasOwn(value, "b64")) return undefined;
  // Somebody may have called the input or a feature so.
  if (Object.keys(value).length !== 1 || input.name === "b64" || input.features?.[0] === "b64") {
    return undefined;
  }
  const length = instanceLength(input);
  const { range } = input;
  if (range?.min !== 0 || range.max !== 255) {
    const limits = range ? `numbers from ${range.min} to ${range.max}` : "any numbers";
    throw badRequest(
      `"b64" gives bytes, from 0 to 255, and "${input.name}" takes ${limits}; send a list of ${length} numbers`,
      "type",
    );
  }
  const text = value["b64"];
  if (typeof text !== "string" || text.length % 4 !== 0 || !alphabet.test(text)) {
    throw badRequest(`"b64" is no base64; expected the ${length} bytes of "${input.name}"`, "type");
  }
  const bytes = Buffer.from(text, "base64");
  if (bytes.length === length) return bytes;
  throw badRequest(
    `"b64" has ${bytes.length} bytes; expected ${length}, one for each value of "${input.name}"; an image file can be sent to /predict`,
    "shape",
  );
}
