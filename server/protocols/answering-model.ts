import type { Response } from "express";
import type { ModelRepository, VersionSelector } from "../models/model-repository.ts";
import type { ServedModel } from "../models/served-model.ts";
import { measuredAs } from "../watching/metrics.ts";

/**
 * The model that answers a predict request, which is counted as one of this model.
 * @throws {HttpError} 404 if there is no such model or version, 503 while it is not loaded
 */
export function answeringModel(
  response: Response,
  models: ModelRepository,
  name: string,
  selector: VersionSelector = {},
): ServedModel {
  const { active } = models.slot(name);
  measuredAs(response, { model: name, version: active?.version ?? "" });
  return models.require(name, selector);
}
