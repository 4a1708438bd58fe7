import type { Access } from "./credentials.ts";

const readingMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Operations that only read, though they are called by POST. */
export const readingPosts: ReadonlySet<string> = new Set([
  "mlflow/experiments/search",
  "mlflow/experiments/search-datasets",
  "mlflow/runs/search",
  "mlflow/logged-models/search",
  "mlflow/registered-models/get-latest-versions",
  "updraft/runs/table",
  "updraft/metrics/series",
  "updraft/metrics/series",
  "updraft/runs/table",
]);

/** What probes and scrapers ask, who know no names and see none: open to everybody. */
export const openPaths: ReadonlySet<string> = new Set([
  "/health",
  "/metrics",
  "/ready",
  "/version",
]);

/**
 * What a request needs; whatever is not known to read needs to write.
 * @param path without the query
 */
export function neededAccess(method: string, path: string): Access | "none" {
  if (readingMethods.has(method)) return openPaths.has(path) ? "none" : "read";
  const operation = /^\/(?:ajax-)?api\/[23]\.0\/(?<operation>.*?)\/?$/.exec(path)?.groups
    ?.operation;
  return method === "POST" && readingPosts.has(operation ?? "") ? "read" : "write";
}

/** Whether what somebody may do is enough. */
export function suffices(access: Access | "none", needed: Access | "none"): boolean {
  const levels = ["none", "read", "write"];
  return levels.indexOf(access) >= levels.indexOf(needed);
}
