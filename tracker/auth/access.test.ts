import { expect, it } from "vitest";
import { neededAccess, suffices } from "./access.ts";

it.each([
  ["GET", "/health", "none"],
  ["HEAD", "/version", "none"],
  ["GET", "/ready", "none"],
  ["GET", "/metrics", "none"],
  ["POST", "/health", "write"],
  ["GET", "/health/", "read"],
  ["GET", "/", "read"],
  ["OPTIONS", "/api/2.0/mlflow/runs/create", "read"],
  ["GET", "/api/2.0/mlflow-artifacts/artifacts/1/a", "read"],
  ["POST", "/api/2.0/mlflow/runs/search", "read"],
  ["POST", "/ajax-api/2.0/mlflow/experiments/search", "read"],
  ["POST", "/api/2.0/mlflow/logged-models/search", "read"],
  ["POST", "/api/2.0/mlflow/registered-models/get-latest-versions/", "read"],
  ["POST", "/api/2.0/mlflow/runs/create", "write"],
  ["PUT", "/api/2.0/mlflow-artifacts/artifacts/1/a", "write"],
  ["PATCH", "/api/2.0/mlflow/runs/search", "write"],
  ["DELETE", "/api/2.0/mlflow/runs/search", "write"],
  ["POST", "/api/2.0/mlflow/runs/search/../create", "write"],
  ["POST", "/api/2.0/mlflow/runs%2Fsearch", "write"],
  ["POST", "/mlflow/runs/search", "write"],
  ["POST", "/api/2.0/updraft/gc", "write"],
  ["BREW", "/", "write"],
])("%s %s needs %s", (method, path, needed) => {
  expect(neededAccess(method, path)).toBe(needed);
});

it("lets who may write read, and nobody do more than they may", () => {
  const levels = ["none", "read", "write"] as const;
  expect(levels.map((access) => levels.map((needed) => suffices(access, needed)))).toEqual([
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ]);
});
