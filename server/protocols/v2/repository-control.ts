import { HttpError } from "@updraft/contracts/http-error";
import { Router } from "express";
import { requireAdminToken } from "../../admin-token.ts";
import type { ModelRepository } from "../../models/model-repository.ts";

const path = "/v2/repository/models/:name/:verb";

/**
 * The part of the extension for repositories that changes what is served: for models that follow
 * the registry, and for who has the administrator's token, whatever predictions need.
 * @see https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_repository.md#load
 */
export function repositoryControl(models: ModelRepository, adminToken: string | undefined): Router {
  const router = Router();
  router.post(path, (request, _response, next) => {
    const { name, verb } = request.params;
    if (verb !== "load" && verb !== "unload") return next("router");
    if (models.slot(name).follower) return next();
    throw new HttpError(
      501,
      "NOT_IMPLEMENTED",
      `this server does not ${verb} "${name}" when asked to: its settings say what it serves; change those`,
    );
  });
  router.post(path, requireAdminToken(adminToken), async (request, response) => {
    const slot = models.slot(request.params["name"] as string);
    if (request.params["verb"] === "unload") await slot.follower?.unload();
    else {
      await slot.follower?.load();
      if (slot.problem) throw new HttpError(409, "FAILED_PRECONDITION", slot.problem);
    }
    response.json({});
  });
  return router;
}
