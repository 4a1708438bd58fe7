import { join } from "node:path";
import { Router } from "express";
import type { ModelRepository } from "../models/model-repository.ts";
import { openApi } from "./open-api.ts";

const folder = join(import.meta.dirname, "../page");

/** What the server can be asked, for programs at `/openapi.json` and for people at `/docs`. */
export function documentationRoutes(models: ModelRepository, hasToken: boolean): Router {
  const router = Router();
  router.get("/openapi.json", (_request, response) => {
    response.json(openApi({ model: models.slots[0]?.active, hasToken }));
  });
  router.get("/docs", (_request, response) => {
    response.sendFile("docs.html", { root: folder, cacheControl: true, maxAge: 0 });
  });
  return router;
}
