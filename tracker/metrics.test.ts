import { afterEach, describe, expect, it } from "vitest";
import { createMetrics, routeOf } from "./metrics.ts";
import { startTracker, type TrackerUnderTest } from "./tracker-under-test.ts";

describe("routeOf", () => {
  it.each([
    ["/api/2.0/mlflow/runs/get?run_id=1", "/runs/get", "/api/2.0/mlflow/runs/get"],
    ["/ajax-api/2.0/updraft/gc", "/gc", "/ajax-api/2.0/updraft/gc"],
    ["/runs/0123", "/runs/:id", "/runs/:id"],
    [
      "/api/2.0/mlflow-artifacts/artifacts/1/a.txt",
      undefined,
      "/api/2.0/mlflow-artifacts/artifacts",
    ],
    [
      "/api/2.0/mlflow-artifacts/artifacts?path=1",
      undefined,
      "/api/2.0/mlflow-artifacts/artifacts",
    ],
    ["/api/2.0/mlflow-artifacts/mpu/create/1", undefined, "/api/2.0/mlflow-artifacts/mpu/create"],
    ["/api/2.0/mlflow-artifacts/secret", undefined, "other"],
    ["/api/2.0/mlflow/nope", undefined, "other"],
    ["/", "/", "/"],
  ])("of %s, which came to %s, is %s", (originalUrl, path, route) => {
    expect(routeOf({ originalUrl, route: path && { path } })).toBe(route);
  });
});

describe("the tracker's metrics", () => {
  let tracker: TrackerUnderTest;
  afterEach(() => tracker.stop());

  /** What was counted, by the labels as they are written. */
  async function counted(name: string): Promise<Record<string, number>> {
    const text = await (await fetch(`${tracker.url}/metrics`)).text();
    const lines = text.split("\n").filter((line) => line.startsWith(`${name}{`));
    return Object.fromEntries(
      lines.map((line) => {
        const [, labels = "", value] = /^\w+\{(.*)\} (\S+)$/.exec(line) ?? [];
        return [labels, Number(value)];
      }),
    );
  }

  it("count requests by the route they came to, whatever is in their path", async () => {
    tracker = await startTracker({ metrics: createMetrics() });
    await tracker.call("POST", "/experiments/create", { name: "the secret project" });
    await tracker.call("POST", "/experiments/create", { name: "the secret project" });
    await tracker.call("GET", "/experiments/get", { experiment_id: "1" });
    await fetch(`${tracker.url}/experiments/1`);
    await fetch(`${tracker.url}/experiments/77`);
    await fetch(`${tracker.url}/a/secret/path`);
    const base = "/api/2.0/mlflow-artifacts/artifacts";
    await fetch(`${tracker.url}${base}/1/secret.txt`, { method: "PUT", body: "1" });

    await expect
      .poll(() => counted("http_requests_total"))
      .toMatchObject({
        'method="POST",route="/api/2.0/mlflow/experiments/create",status="200"': 1,
        'method="POST",route="/api/2.0/mlflow/experiments/create",status="400"': 1,
        'method="GET",route="/api/2.0/mlflow/experiments/get",status="200"': 1,
        'method="GET",route="/experiments/:id",status="200"': 1,
        'method="GET",route="/experiments/:id",status="404"': 1,
        'method="GET",route="other",status="404"': 1,
        [`method="PUT",route="${base}",status="200"`]: 1,
      });
    expect(await counted("http_request_duration_seconds_count")).toMatchObject({
      'method="POST",route="/api/2.0/mlflow/experiments/create"': 2,
    });
    expect(await (await fetch(`${tracker.url}/metrics`)).text()).not.toContain("secret");
  });

  it("are open to a scraper without credentials, with those of the process", async () => {
    tracker = await startTracker({
      metrics: createMetrics(),
      authentication: { anonymous: "none" },
      allowedHosts: ["tracker.example.com"],
    });
    const answer = await fetch(`${tracker.url}/metrics`);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await answer.text()).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    expect((await fetch(`${tracker.url}/ready`)).status).toBe(200);
    expect((await fetch(tracker.url)).status).toBe(403);
  });
});
