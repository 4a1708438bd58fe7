import { HttpError } from "@updraft/contracts/http-error";
import type { RequestHandler } from "express";
import type { ModelRepository } from "../models/model-repository.ts";
import { badRequest, quoted } from "../protocols/bad-request.ts";
import { checked } from "../protocols/checked.ts";
import { parseInstances } from "../protocols/instances.ts";
import { parseJsonObject } from "../protocols/json-object.ts";
import { type FeedbackAnswer, FeedbackBody } from "./feedback-body.ts";
import { classesOf, predictedClasses } from "./predicted-classes.ts";
import type { RecentPrediction } from "./recent-predictions.ts";
import type { WatchingMetrics } from "./watching-metrics.ts";
import type { Watching } from "./watching.ts";

const expected = 'expected {"request_id": "<x-request-id of the answer>", "label": "<true class>"}';

/** What takes the truth. */
export interface FeedbackOptions {
  readonly models: ModelRepository;
  readonly watching: Watching;
  readonly metrics: WatchingMetrics;
}

/**
 * `POST /feedback`: the true class of something that was predicted. A prediction counts once: the
 * same truth again is answered as before, and another one is refused.
 */
export function feedbackRoute({ models, watching, metrics }: FeedbackOptions): RequestHandler {
  return async (request, response) => {
    const body = checked(FeedbackBody, parseJsonObject(request.body, expected), "the body");
    const prediction = await predictionOf(body, models, watching);
    const { model, version, labels } = prediction;
    const instance = instanceOf(body, prediction);
    const predicted = labels[prediction.predicted[instance] ?? 0] ?? "";
    const isCorrect = predicted === truthOf(body, prediction);
    if (isNew(String(body.label), prediction, instance)) {
      prediction.accuracy.tell(isCorrect);
      metrics.tells({ model, version }, isCorrect);
    }
    response.json({
      correct: isCorrect,
      predicted,
      model,
      model_version: version,
    } satisfies FeedbackAnswer);
  };
}

/** The prediction that it is about: one that was made, or one that is made now. */
async function predictionOf(
  body: FeedbackBody,
  models: ModelRepository,
  watching: Watching,
): Promise<RecentPrediction> {
  const ids = [body.request_id, body.prediction_id].filter((id) => id !== undefined);
  const hasFeatures = Object.hasOwn(body, "features");
  const [id, ...more] = ids;
  if (more.length > 0 || hasFeatures === (id !== undefined)) {
    throw badRequest(`expected one of "request_id", "prediction_id" and "features"; ${expected}`);
  }
  if (id === undefined) return predictedNow(body, models, watching);
  const prediction = watching.recent.find(id);
  if (prediction && (body.model ?? prediction.model) === prediction.model) return prediction;
  const of = body.model === undefined ? "" : ` of "${quoted([body.model])}"`;
  throw new HttpError(
    404,
    "NOT_FOUND",
    `there is no prediction "${quoted([id])}"${of} among the last ones of this server; send the truth sooner, to the one that answered`,
  );
}

async function predictedNow(
  { features, model: name }: FeedbackBody,
  models: ModelRepository,
  watching: Watching,
): Promise<RecentPrediction> {
  const model = name === undefined ? models.requireFirst() : models.require(name);
  const labels = classesOf(model.output);
  if (!labels) throw badRequest(`"${model.name}" has no classes; expected a model with labels`);
  const answers = await model.predict(parseInstances([features], model.input));
  const predicted = predictedClasses(answers, labels.length);
  const { name: served, version } = model;
  const { accuracy } = watching.versionOf(model);
  return { model: served, version, accuracy, labels, predicted, told: [] };
}

function instanceOf({ instance }: FeedbackBody, { predicted }: RecentPrediction): number {
  const [first, ...more] = predicted.keys();
  const only = more.length === 0 ? first : undefined;
  const meant = instance ?? only;
  if (meant !== undefined && meant < predicted.length) return meant;
  throw badRequest(
    `"instance" is ${instance ?? "missing"}; the request had ${predicted.length}: expected a number below that`,
  );
}

function truthOf({ label }: FeedbackBody, { labels }: RecentPrediction): string {
  const truth = String(label);
  if (labels.includes(truth)) return truth;
  throw badRequest(`"label" is "${quoted([truth])}"; expected one of ${quoted(labels)}`);
}

/** Whether this was not told before. @throws {HttpError} 409 if something else was */
function isNew(truth: string, { told }: RecentPrediction, instance: number): boolean {
  const before = told[instance];
  if (before === undefined) {
    told[instance] = truth;
    return true;
  }
  if (before === truth) return false;
  throw new HttpError(
    409,
    "CONFLICT",
    `this prediction was told to be "${before}" before; what is told first counts`,
  );
}
