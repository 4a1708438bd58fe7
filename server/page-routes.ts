import { join } from "node:path";
import express, { Router } from "express";

/** The drawing page at `/` and what belongs to it; it fetches nothing from anywhere else. */
export function pageRoutes(): Router {
  const router = Router();
  router.use(
    express.static(join(import.meta.dirname, "page"), {
      extensions: [],
      // A new version of the server brings a new page with it.
      cacheControl: true,
      maxAge: 0,
    }),
  );
  return router;
}
