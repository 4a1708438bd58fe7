import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "./tracker-under-test.ts";

let tracker: TrackerUnderTest;
beforeEach(async () => {
  tracker = await startTracker();
});
afterEach(() => tracker.stop());

async function post(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${tracker.url}${path}`, { method: "POST", body, headers });
  return { status: response.status, body: await response.json() };
}

const create = "/api/2.0/mlflow/experiments/create";

describe("the tracker", () => {
  it("answers what probes and clients ask first", async () => {
    const health = await fetch(`${tracker.url}/health`);
    expect([health.status, await health.text()]).toEqual([200, "OK"]);
    expect(await (await fetch(`${tracker.url}/version`)).text()).toMatch(/^3\.\d+\.\d+$/);
    for (const prefix of ["/api", "/ajax-api"]) {
      const info = await fetch(`${tracker.url}${prefix}/3.0/mlflow/server-info`);
      expect(await info.json()).toMatchObject({
        store_type: "SqlStore",
        workspaces_enabled: false,
      });
    }
  });

  it("has the same operations for browsers", async () => {
    expect(await post("/ajax-api/2.0/mlflow/experiments/create", '{"name":"a"}')).toEqual({
      status: 200,
      body: { experiment_id: "1" },
    });
    const response = await fetch(
      `${tracker.url}/ajax-api/2.0/mlflow/experiments/get-by-name?experiment_name=a`,
    );
    expect(response.status).toBe(200);
  });

  it("looks at what a body is, not at what it is called", async () => {
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    expect((await post(create, '{"name":"a"}', form)).status).toBe(200);
    const gzip = { "Content-Type": "application/json", "Content-Encoding": "gzip" };
    expect((await post(create, gzipSync('{"name":"b"}'), gzip)).status).toBe(200);
    expect((await post("/api/2.0/mlflow/experiments/search", "")).status).toBe(200);
  });

  it.each([
    ["{", "The body of the request is not JSON in UTF-8"],
    ["[]", "The body of the request is not a JSON object"],
    ["5", "The body of the request is not a JSON object"],
    [Buffer.from([0x22, 0xff, 0x22]), "The body of the request is not JSON in UTF-8"],
  ])("answers 400 to the body %j", async (body, message) => {
    expect(await post(create, body)).toEqual({
      status: 400,
      body: { error_code: "INVALID_PARAMETER_VALUE", message: expect.stringContaining(message) },
    });
  });

  it("refuses a body that is too long, however small it was packed", async () => {
    const headers = { "Content-Encoding": "gzip" };

    expect(await post(create, gzipSync(Buffer.alloc(40_000_000, 32)), headers)).toEqual({
      status: 413,
      body: {
        error_code: "INVALID_PARAMETER_VALUE",
        message: "The body of the request is too long",
      },
    });
  });

  it("is not led astray by names that objects have from birth", async () => {
    const body =
      '{"name":"a","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';

    expect((await post(create, body)).status).toBe(200);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it.each([
    ["GET", "/api/2.0/mlflow/nope"],
    ["POST", "/api/2.0/mlflow/experiments/get"],
    ["GET", "/api/2.0/updraft/nope"],
    ["GET", "/api/2.0/mlflow-artifacts/mpu/create/a"],
    ["POST", "/api/2.0/mlflow-artifacts/presigned/a"],
    ["GET", "/nope"],
  ])("says that there is no operation %s %s", async (method, path) => {
    const response = await fetch(`${tracker.url}${path}`, { method });

    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error_code: "ENDPOINT_NOT_FOUND",
      message: `No operation ${method} ${path}`,
    });
  });

  it("keeps to itself what went wrong inside, and logs it", async () => {
    await tracker.store.close();

    const answer = await tracker.call("GET", "/experiments/get", { experiment_id: "0" });

    expect(answer).toEqual({
      status: 500,
      body: { error_code: "INTERNAL_ERROR", message: "The tracker failed; its log says why" },
    });
    expect(tracker.logged).toEqual([
      expect.objectContaining({
        msg: "request failed",
        method: "GET",
        err: expect.objectContaining({ stack: expect.stringContaining("destroyed") }),
      }),
    ]);
  });

  it("sends headers that keep other sites away with every answer", async () => {
    for (const path of ["/health", "/", "/nope", `${create}`]) {
      const { headers } = await fetch(`${tracker.url}${path}`);
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("X-Frame-Options")).toBe("DENY");
      expect(headers.get("Content-Security-Policy")).toMatch(/^default-src 'none'/);
      expect(headers.get("X-Powered-By")).toBeNull();
    }
  });

  it("lets no page of another site change anything", async () => {
    const origin = "https://evil.example";
    expect(await post(create, '{"name":"a"}', { origin })).toEqual({
      status: 403,
      body: {
        error_code: "PERMISSION_DENIED",
        message: "Requests from pages of https://evil.example are refused",
      },
    });
    expect((await post(create, '{"name":"a"}', { origin: "null" })).status).toBe(403);
    expect((await post(create, '{"name":"a"}', { origin: tracker.url })).status).toBe(200);
  });
});
