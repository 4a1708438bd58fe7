import { HttpError } from "@updraft/contracts/http-error";
import type { ServedModel } from "./served-model.ts";

/** What the routes know of the model: nothing until it is loaded. */
export interface ModelHolder {
  model: ServedModel | undefined;
  /** Whether the server was asked to stop: it answers, and wants nothing more. */
  isDraining: boolean;
}

/** @throws {HttpError} 503 while there is no model */
export function requireModel(holder: ModelHolder): ServedModel {
  if (holder.model) return holder.model;
  throw new HttpError(503, "NOT_READY", "the model is being loaded; try again in a second");
}

/** @throws {HttpError} 503 while nothing should be sent here: no model yet, or soon no server */
export function requireReady(holder: ModelHolder): ServedModel {
  if (!holder.isDraining) return requireModel(holder);
  throw new HttpError(503, "DRAINING", "the server is stopping; another one takes over");
}
