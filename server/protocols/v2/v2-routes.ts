import { type Request, type Response, Router } from "express";
import type { ModelRepository, VersionSelector } from "../../models/model-repository.ts";
import { answeringModel, answersOf } from "../answering-model.ts";
import { badRequest, shown } from "../bad-request.ts";
import { parseJsonObject } from "../json-object.ts";
import { parseInferRequest } from "./infer-request.ts";
import { type InferResponse, inferResponse } from "./infer-response.ts";
import { jsonLengthHeader } from "./split-body.ts";
import { modelMetadata, repositoryIndex, serverMetadata } from "./v2-metadata.ts";

/**
 * The Open Inference Protocol, which KServe and Triton call V2, with binary tensors.
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
export function v2Routes(models: ModelRepository): Router {
  const router = Router();
  router.get("/", (_request, response) => void response.json(serverMetadata));
  router.get("/health/live", (_request, response) => void response.json({ live: true }));
  router.get("/health/ready", (_request, response) => {
    models.requireReady();
    // The specification says "live" here, and KServe's client reads "ready".
    response.json({ ready: true, live: true });
  });
  router.get("/models", (_request, response) => {
    response.json({ models: models.slots.map(({ name }) => name) });
  });
  router.get("/models/:name{/versions/:version}", (request, response) => {
    response.json(modelMetadata(models.require(...asked(request))));
  });
  router.get("/models/:name{/versions/:version}/ready", (request, response) => {
    const { name } = models.require(...asked(request));
    response.json({ name, ready: true });
  });
  router.post("/models/:name{/versions/:version}/infer", async (request, response) => {
    const model = answeringModel(response, models, ...asked(request));
    const inference = parseInferRequest(request.body, request.get(jsonLengthHeader), model);
    const values = await answersOf(response, model, inference.batch);
    send(response, inferResponse(model, inference, values));
  });
  addRepository(router, models);
  return router;
}

/** What of the extension for repositories only reads. */
function addRepository(router: Router, models: ModelRepository): void {
  router.post("/repository/index", (request, response) => {
    const isEmpty = !Buffer.isBuffer(request.body) || request.body.length === 0;
    const wanted = isEmpty ? {} : parseJsonObject(request.body, 'expected {"ready": true} or {}');
    const ready = wanted["ready"] ?? false;
    if (typeof ready !== "boolean") {
      throw badRequest(`"ready" is ${shown(ready)}; expected true or false`);
    }
    response.json(repositoryIndex(models.slots, ready));
  });
}

function asked({ params }: Request): [name: string, selector: VersionSelector] {
  const { name, version } = params as Readonly<Record<string, string | undefined>>;
  return [name ?? "", { version }];
}

/** JSON alone, or JSON with the tensors behind it, none of which is copied. */
function send(response: Response, { json, tensors }: InferResponse): void {
  if (tensors.length === 0) {
    response.json(json);
    return;
  }
  const head = Buffer.from(JSON.stringify(json));
  const length = tensors.reduce((sum, { byteLength }) => sum + byteLength, head.length);
  response.set({
    "content-type": "application/octet-stream",
    "content-length": String(length),
    [jsonLengthHeader]: String(head.length),
  });
  response.write(head);
  for (const tensor of tensors) response.write(tensor);
  response.end();
}
