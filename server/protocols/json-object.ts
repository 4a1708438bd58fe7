import { badRequest } from "./bad-request.ts";

/** What a JSON object has, under names that the client chose. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether it is an object of JSON, so neither a list nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads a body that must be one JSON object, whatever its content type was.
 * @param body bytes of the request; anything else if it had none
 * @param expected what the message says that a body should be
 * @throws {HttpError} 400 that says what was expected
 */
export function parseJsonObject(body: unknown, expected: string): JsonObject {
  if (!Buffer.isBuffer(body) || body.length === 0) {
    throw badRequest(`the body is empty; ${expected}`, "json");
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw badRequest(`the body is not JSON (${(error as Error).message}); ${expected}`, "json");
  }
  if (!isJsonObject(parsed)) throw badRequest(expected, "json");
  return parsed;
}
