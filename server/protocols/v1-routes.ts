import { HttpError } from "@updraft/contracts/http-error";
import { instanceLength } from "@updraft/contracts/signature";
import { type Request, Router } from "express";
import type { ModelRepository, VersionSelector } from "../models/model-repository.ts";
import { answeringModel, answersOf } from "./answering-model.ts";
import { parsePredictRequest } from "./predict-request.ts";
import { v1Metadata } from "./v1-metadata.ts";

/** How a path names a model: by name, and the version that is meant by its number or label. */
const modelPath = String.raw`\/models\/(?<name>[^/:]+)(?:\/versions\/(?<version>[^/:]+)|\/labels\/(?<label>[^/:]+))?`;
const statusPath = new RegExp(`^${modelPath}$`);
const metadataPath = new RegExp(`^${modelPath}/metadata$`);
const predictPath = new RegExp(`^${modelPath}:predict$`);
const otherVerbPath = new RegExp(`^${modelPath}:(?<verb>explain|classify|regress)$`);

/**
 * TensorFlow Serving's and KServe's first protocol.
 * @see https://www.tensorflow.org/tfx/serving/api_rest
 * @see https://kserve.github.io/website/docs/concepts/architecture/data-plane/v1-protocol
 */
export function v1Routes(models: ModelRepository): Router {
  const router = Router();
  router.get("/models", (_request, response) => {
    response.json({ models: models.slots.map(({ name }) => name) });
  });
  router.get(statusPath, (request, response) => {
    const { name, version } = models.require(...asked(request));
    // Both families of clients ask on this path: KServe's for `ready`, TF Serving's for the status.
    response.json({
      name,
      ready: true,
      model_version_status: [
        { version, state: "AVAILABLE", status: { error_code: "OK", error_message: "" } },
      ],
    });
  });
  router.get(metadataPath, (request, response) => {
    response.json(v1Metadata(models.require(...asked(request))));
  });
  router.post(predictPath, async (request, response) => {
    const model = answeringModel(response, models, ...asked(request));
    const { batch, form } = parsePredictRequest(request.body, model.input, model.maxInstances);
    const values = await answersOf(response, model, batch);
    const answers = rowsOf(values, instanceLength(model.output));
    response.json(form === "row" ? { predictions: answers } : { outputs: answers });
  });
  router.post(otherVerbPath, (request) => {
    models.require(...asked(request));
    throw new HttpError(
      501,
      "NOT_IMPLEMENTED",
      `this server does not ${request.params["verb"]}, it predicts; ask with :predict`,
    );
  });
  return router;
}

function asked({ params }: Request): [name: string, selector: VersionSelector] {
  const { name, version, label } = params as Readonly<Record<string, string | undefined>>;
  return [name ?? "", { version, label }];
}

function rowsOf(values: Float32Array, length: number): number[][] {
  return Array.from({ length: values.length / length }, (_, row) => [
    ...values.subarray(row * length, (row + 1) * length),
  ]);
}
