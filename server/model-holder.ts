import { HttpError } from "@updraft/contracts/http-error";
import type { ServedModel } from "./served-model.ts";

/** What the routes know of the model: nothing until it is loaded. */
export interface ModelHolder {
  model: ServedModel | undefined;
}

/** @throws {HttpError} 503 while there is no model */
export function requireModel(holder: ModelHolder): ServedModel {
  if (holder.model) return holder.model;
  throw new HttpError(503, "NOT_READY", "the model is being loaded; try again in a second");
}
