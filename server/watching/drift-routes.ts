import { join } from "node:path";
import { Router } from "express";
import type { ModelRepository } from "../models/model-repository.ts";
import { driftReport } from "./drift-report.ts";
import type { Watching } from "./watching.ts";

const folder = join(import.meta.dirname, "../page");

/** How far today's requests are from the training data: for programs, and as a page for people. */
export function driftRoutes(models: ModelRepository, watching: Watching): Router {
  const router = Router();
  router.get("/drift.json", (_request, response) => {
    response.set("cache-control", "no-store").json(driftReport(models, watching));
  });
  router.get("/drift", (_request, response) => {
    response.sendFile("drift.html", { root: folder, cacheControl: true, maxAge: 0 });
  });
  return router;
}
