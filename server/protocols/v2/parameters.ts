import { badRequest, shown } from "../bad-request.ts";
import { isJsonObject, type JsonObject } from "../json-object.ts";

/**
 * The parameters of a request or of one of its tensors; none if they are missing or null, as some
 * clients write it.
 * @param words whose they are, for the message
 * @throws {HttpError} 400 if they are no object
 */
export function parametersOf(owner: JsonObject, words: string): JsonObject {
  const parameters = owner["parameters"] ?? {};
  if (isJsonObject(parameters)) return parameters;
  throw badRequest(`"parameters" of ${words} is ${shown(parameters)}; expected an object`);
}
