import type { Response } from "express";
import type { ModelRepository, VersionSelector } from "../models/model-repository.ts";
import type { ServedModel } from "../models/served-model.ts";
import { measuredAs } from "../watching/metrics.ts";
import { watchingOf } from "../watching/watching.ts";
import type { Batch } from "./instances.ts";

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
  const model = models.require(name, selector);
  // What replaces it may come while this request is under way; its network stays as long.
  const release = model.hold();
  if (response.destroyed) release();
  else response.once("close", release);
  return model;
}

/**
 * The model's answers to the instances of a request, one after another, flattened; what watches
 * the server takes note of them.
 */
export async function answersOf(
  response: Response,
  model: ServedModel,
  batch: Batch,
): Promise<Float32Array> {
  const answers = await model.predict(batch);
  watchingOf(response)?.note(response, model, batch, answers);
  return answers;
}
