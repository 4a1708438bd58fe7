import { instanceLength } from "@updraft/contracts/signature";
import { Router } from "express";
import type { ModelRepository } from "../models/model-repository.ts";
import { answeringModel } from "./answering-model.ts";
import { parsePredictRequest } from "./predict-request.ts";

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
  router.get("/models/:name", (request, response) => {
    const { name, version } = models.require(request.params.name);
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
    const model = answeringModel(response, models, request.params["name"] ?? "");
    const { batch, form } = parsePredictRequest(request.body, model.input);
    const answers = rowsOf(await model.predict(batch), instanceLength(model.output));
    response.json(form === "row" ? { predictions: answers } : { outputs: answers });
  });
  return router;
}

function rowsOf(values: Float32Array, length: number): number[][] {
  return Array.from({ length: values.length / length }, (_, row) => [
    ...values.subarray(row * length, (row + 1) * length),
  ]);
}
