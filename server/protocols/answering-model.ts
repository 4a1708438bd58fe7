import type { Response } from "express";
import type { Candidate } from "../models/candidate.ts";
import type { ModelRepository, VersionSelector } from "../models/model-repository.ts";
import type { ServedModel } from "../models/served-model.ts";
import { requestIdOf } from "../request-id.ts";
import { measuredAs } from "../watching/metrics.ts";
import { watchingOf } from "../watching/watching.ts";
import type { Batch } from "./instances.ts";

/**
 * The model that answers a predict request, which is counted as one of this model: the one that
 * serves, or a canary where the client leaves it open and the request is one of its share.
 * @throws {HttpError} 404 if there is no such model or version, 503 while it is not loaded
 */
export function answeringModel(
  response: Response,
  models: ModelRepository,
  name: string,
  selector: VersionSelector = {},
): ServedModel {
  const { active, candidate } = models.slot(name);
  measuredAs(response, { model: name, version: active?.version ?? "" });
  const asked = models.require(name, selector);
  const isChosen = selector.version === undefined && selector.label === undefined;
  const taking = isChosen && candidate?.takes(requestIdOf(response)) ? candidate : undefined;
  if (taking?.mode === "shadow") response.locals["shadow"] = taking;
  const model = taking?.mode === "canary" ? taking.model : asked;
  measuredAs(response, { model: name, version: model.version });
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
  const shadow: Candidate | undefined = response.locals["shadow"];
  // Only once the client has its answer, which so never waits for the other one.
  if (shadow) response.once("finish", () => void shadow.compare(batch, answers));
  return answers;
}
