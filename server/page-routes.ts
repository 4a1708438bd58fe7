import { join } from "node:path";
import type { TensorSpec } from "@updraft/contracts/signature";
import express, { Router } from "express";
import type { ModelRepository } from "./models/model-repository.ts";

const folder = join(import.meta.dirname, "page");

/**
 * A page to ask the model on at `/`, and what belongs to it: to draw on if it reads images as MNIST
 * has them, and a form if it takes something else. It fetches nothing from anywhere else. Who takes
 * no HTML is told that the server lives.
 */
export function pageRoutes(models: ModelRepository): Router {
  const router = Router();
  router.get("/", (request, response, next) => {
    // KServe's clients ask here whether the server lives, and take anything; browsers say text/html.
    response.vary("accept");
    if (!request.get("accept")?.includes("text/html")) {
      response.json({ status: "alive" });
      return;
    }
    const model = models.slots[0]?.active;
    if (!model || isDrawn(model.input)) next();
    else response.sendFile("form.html", { root: folder, cacheControl: true, maxAge: 0 });
  });
  router.use(
    express.static(folder, {
      extensions: [],
      // `/.` is no page, and would be sent from one address to another.
      redirect: false,
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
