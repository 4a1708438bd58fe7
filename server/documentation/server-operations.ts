import { Digest } from "@updraft/contracts/digest";
import { GateReport } from "@updraft/contracts/gate";
import { Signature, TensorSpec } from "@updraft/contracts/signature";
import { z } from "zod";
import { ClassAnswer, ValueAnswer } from "../people/answer.ts";
import { PredictBody, PredictOptions } from "../people/predict-body.ts";
import { DriftReport } from "../watching/drift-report.ts";
import { FeedbackAnswer, FeedbackBody } from "../watching/feedback-body.ts";
import { exampleOf, json, named, type Operation } from "./operation.ts";

const tensor = named("Tensor", TensorSpec);

const people: Operation = {
  method: "post",
  path: "/predict",
  tag: "People",
  summary: "Asks about one instance, as values or as an image.",
  description:
    "The answer of a classifier names the class; that of another model is the value. A PNG or JPEG comes as a data URL in JSON, as the body, or as the one file of a form.",
  query: PredictOptions,
  body: {
    "application/json": named("PredictRequest", PredictBody),
    "image/png": undefined,
    "image/jpeg": undefined,
    "multipart/form-data": named(
      "PredictForm",
      PredictOptions.extend({ file: z.file().mime(["image/png", "image/jpeg"]) }),
    ),
  },
  example: (model) => ({ features: exampleOf(model) }),
  answer: json(z.union([named("ClassAnswer", ClassAnswer), named("ValueAnswer", ValueAnswer)])),
  errors: [400, 401, 404, 413, 415, 503],
  needsToken: true,
};

const feedback: Operation = {
  method: "post",
  path: "/feedback",
  tag: "People",
  summary: "Takes the true class of what was predicted.",
  description:
    "By the x-request-id of an answer, as long as it is among the last 10,000 predictions; or with the instance itself, which is asked about again. The first truth about a prediction counts.",
  body: json(named("Feedback", FeedbackBody)),
  example: (model) => ({ features: exampleOf(model), label: model.output.labels?.[0] ?? "" }),
  answer: json(named("FeedbackAnswer", FeedbackAnswer)),
  errors: [400, 401, 404, 409, 413, 503],
  needsToken: true,
};

/** What every server of its kind has, and what people use. */
export const serverOperations: readonly Operation[] = [
  people,
  feedback,
  {
    method: "get",
    path: "/model/info",
    tag: "Model",
    summary: "Says what serves: version, digest, metrics, gate, inputs and outputs.",
    answer: json(
      named(
        "ModelInfo",
        z.strictObject({
          name: z.string(),
          version: z.string(),
          digest: Digest,
          metrics: z.record(z.string(), z.number()),
          gate: GateReport,
          inputs: z.array(tensor),
          outputs: z.array(tensor),
        }),
      ),
    ),
    errors: [503],
  },
  {
    method: "get",
    path: "/model/signature",
    tag: "Model",
    summary: "Gives the package's signature, with one real instance and its answer.",
    answer: json(named("Signature", Signature)),
    errors: [503],
  },
  {
    method: "get",
    path: "/health",
    tag: "Operation",
    summary: "Says that the server lives, also while it loads or drains.",
    answer: json(named("Health", z.strictObject({ status: z.literal("alive") }))),
  },
  {
    method: "get",
    path: "/ready",
    tag: "Operation",
    summary: "Says whether requests should be sent here.",
    answer: json(
      named(
        "Ready",
        z.strictObject({ ready: z.literal(true), name: z.string(), version: z.string() }),
      ),
    ),
    errors: [503],
  },
  {
    method: "get",
    path: "/metrics",
    tag: "Operation",
    summary: "Metrics in Prometheus' text format.",
    answer: { "text/plain": undefined },
  },
  {
    method: "get",
    path: "/drift.json",
    tag: "Operation",
    summary: "Says how far the last requests and answers are from the training data.",
    answer: json(named("DriftReport", DriftReport)),
  },
  {
    method: "get",
    path: "/",
    tag: "Pages",
    summary: "A page to ask the model on; to clients that take no HTML, that the server lives.",
    answer: {
      "application/json": named("Alive", z.strictObject({ status: z.literal("alive") })),
      "text/html": undefined,
    },
  },
  {
    method: "get",
    path: "/drift",
    tag: "Pages",
    summary: "How far the last requests and answers are from the training data, as a page.",
    answer: { "text/html": undefined },
  },
  {
    method: "get",
    path: "/docs",
    tag: "Pages",
    summary: "This description as a page.",
    answer: { "text/html": undefined },
  },
  {
    method: "get",
    path: "/openapi.json",
    tag: "Pages",
    summary: "This description as an OpenAPI document.",
    answer: json(named("OpenApi", z.looseObject({ openapi: z.string() }))),
  },
];
