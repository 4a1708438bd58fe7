import { HttpError } from "@updraft/contracts/http-error";
import { instanceLength } from "@updraft/contracts/signature";
import { type Request, Router } from "express";
import { type ModelHolder, requireModel } from "./model-holder.ts";
import { parsePredictRequest } from "./predict-request.ts";
import type { ServedModel } from "./served-model.ts";

/**
 * TensorFlow Serving's and KServe's first protocol.
 * @see https://www.tensorflow.org/tfx/serving/api_rest
 * @see https://kserve.github.io/website/docs/concepts/architecture/data-plane/v1-protocol
 */
export function v1Routes(holder: ModelHolder): Router {
  const router = Router();
  router.get("/models", (_request, response) => {
    response.json({ models: [requireModel(holder).name] });
  });
  router.get("/models/:name", (request, response) => {
    const { name, version } = namedModel(holder, request);
    // Both families of clients ask on this path: KServe's for `ready`, TF Serving's for the status.
    response.json({
      name,
      ready: true,
      model_version_status: [
        { version, state: "AVAILABLE", status: { error_code: "OK", error_message: "" } },
      ],
    });
  });
  router.post(/^\/models\/(?<name>[^/:]+):predict$/, async (request, response) => {
    const model = namedModel(holder, request);
    const { batch, form } = parsePredictRequest(request.body, model.input);
    const answers = rowsOf(await model.predict(batch), instanceLength(model.output));
    response.json(form === "row" ? { predictions: answers } : { outputs: answers });
  });
  return router;
}

/** @throws {HttpError} 404 if another model is asked for, 503 if there is none yet */
function namedModel(holder: ModelHolder, request: Request): ServedModel {
  const model = requireModel(holder);
  const name = request.params["name"];
  if (name === model.name) return model;
  throw new HttpError(
    404,
    "NOT_FOUND",
    `there is no model "${String(name)}"; this server has "${model.name}"`,
  );
}

function rowsOf(values: Float32Array, length: number): number[][] {
  return Array.from({ length: values.length / length }, (_, row) => [
    ...values.subarray(row * length, (row + 1) * length),
  ]);
}
