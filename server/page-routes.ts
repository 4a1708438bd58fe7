import { join } from "node:path";
import type { TensorSpec } from "@updraft/contracts/signature";
import express, { Router } from "express";
import type { ModelHolder } from "./model-holder.ts";

const folder = join(import.meta.dirname, "page");

/**
 * A page to ask the model on at `/`, and what belongs to it: to draw on if it reads images as MNIST
 * has them, and a form if it takes something else. It fetches nothing from anywhere else.
 */
export function pageRoutes(holder: ModelHolder): Router {
  const router = Router();
  router.get("/", (_request, response, next) => {
    if (!holder.model || isDrawn(holder.model.input)) next();
    else response.sendFile("form.html", { root: folder, cacheControl: true, maxAge: 0 });
  });
  router.use(
    express.static(folder, {
      extensions: [],
      // A new version of the server brings a new page with it.
      cacheControl: true,
      maxAge: 0,
    }),
  );
  return router;
}

function isDrawn({ shape }: TensorSpec): boolean {
  return shape.slice(1).join() === "28,28,1";
}
