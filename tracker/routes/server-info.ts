import { Router } from "express";

/** The version of MLflow whose API this is. */
export const mlflowVersion = "3.17.2";

/**
 * What probes and clients ask before anything else.
 * @param transfers whether long artifacts go between clients and their store directly
 */
export function serverInfoRouter(transfers: boolean): Router {
  const serverInfo = {
    store_type: "SqlStore",
    workspaces_enabled: false,
    trace_archival_enabled: false,
    multipart_uploads_enabled: transfers,
    multipart_downloads_enabled: transfers,
  };
  const router = Router();
  router.get("/health", (_request, response) => void response.type("text").send("OK"));
  router.get("/version", (_request, response) => void response.type("text").send(mlflowVersion));
  for (const prefix of ["/api/3.0/mlflow", "/ajax-api/3.0/mlflow"]) {
    router.get(`${prefix}/server-info`, (_request, response) => void response.json(serverInfo));
  }
  return router;
}
