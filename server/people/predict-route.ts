import type { RequestHandler } from "express";
import type { ModelRepository } from "../models/model-repository.ts";
import { answeringModel, answersOf } from "../protocols/answering-model.ts";
import { type Batch, parseInstances } from "../protocols/instances.ts";
import type { ServedModel } from "../models/served-model.ts";
import { answerOf } from "./answer.ts";
import { imageInstance } from "./image-instance.ts";
import { parseQuestion, type Question } from "./question.ts";
import { type InTurn, takingTurns } from "./taking-turns.ts";

/** How many images may wait for the one that is being unpacked. */
const maxWaitingImages = 32;

/**
 * `POST /predict`: one instance, as values or as an image, and an answer in words. Images are
 * unpacked one after another, so that the memory which that takes has a limit.
 */
export function predictRoute(models: ModelRepository): RequestHandler {
  const inTurn = takingTurns(maxWaitingImages);
  return async (request, response) => {
    const started = performance.now();
    const question = await parseQuestion({
      contentType: request.headers["content-type"],
      body: request.body,
      query: request.query,
    });
    const name = question.model ?? models.slots[0]?.name ?? "";
    const version = question.model_version?.toString();
    const model = answeringModel(response, models, name, { version });
    const batch = await batchOf(question, model, inTurn);
    const values = await answersOf(response, model, batch);
    response.json({
      ...answerOf(values, model.output),
      model: model.name,
      model_version: model.version,
      latency_ms: Number((performance.now() - started).toFixed(3)),
    });
  };
}

async function batchOf(question: Question, model: ServedModel, inTurn: InTurn): Promise<Batch> {
  const { image, prepare, features } = question;
  if (!image) return parseInstances([features], model.input);
  const values = await inTurn(() => imageInstance(image, model.input, prepare));
  return parseInstances([values], model.input);
}
