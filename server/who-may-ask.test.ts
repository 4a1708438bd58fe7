import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerUnderTest, startServer } from "./server-under-test.ts";
import { parseSettings, SettingsError } from "./settings.ts";

const predictToken = "a-token-of-enough-length";
const question = '{"instances":[[1,2,3,4]]}';
const paths = ["/predict", "/v1/models/sums:predict"];

describe("a server with a token", () => {
  let server: ServerUnderTest;

  beforeAll(async () => {
    server = await startServer({ predictToken });
  });

  afterAll(() => server.close());

  async function predict(path: string, authorization?: string) {
    const body = path.endsWith("/predict") ? '{"features":[1,2,3,4]}' : question;
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    return fetch(`${server.base}${path}`, { method: "POST", body, headers });
  }

  it.each(paths)("answers those who have it at %s", async (path) => {
    expect((await predict(path, `Bearer ${predictToken}`)).status).toBe(200);
    expect((await predict(path, `bearer  ${predictToken}`)).status).toBe(200);
  });

  it.each([...paths, "/PREDICT", "/predict/", "/V1/models/sums:predict", "/v2/models/sums/infer"])(
    "refuses those who have none at %s",
    async (path) => {
      const answer = await predict(path);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="predictions"');
      expect(await answer.json()).toEqual({
        error: "predictions need a token; send it as Authorization: Bearer <token>",
      });
    },
  );

  it.each([
    `Bearer ${predictToken}x`,
    `Bearer ${predictToken.slice(1)}`,
    `Bearer ${predictToken.toUpperCase()}`,
    `Bearer ${"x".repeat(10_000)}`,
    `Basic ${predictToken}`,
    "Bearer",
    "",
  ])("refuses %.40s", async (authorization) => {
    const answer = await predict("/predict", authorization);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain(predictToken);
  });

  it("counts whom it has refused", async () => {
    await predict("/predict");
    const metrics = await (await fetch(`${server.base}/metrics`)).text();
    expect(metrics).toMatch(/^prediction_requests_total\{model="",version="",status="401"\} \d+$/m);
  });

  it("refuses before it has read what was sent", async () => {
    const body = new Uint8Array(17 * 1024 * 1024);
    // The server may have closed the connection before all of it was sent.
    const answer = await fetch(`${server.base}/predict`, { method: "POST", body }).catch(() => {});
    expect(answer?.status ?? 401).toBe(401);
  });

  it.each(["/health", "/ready", "/metrics", "/model/info", "/v1/models/sums", "/"])(
    "still tells everybody %s",
    async (path) => {
      expect((await fetch(`${server.base}${path}`)).status).toBe(200);
    },
  );
});

describe("a server that lets pages of some origins ask", () => {
  let server: ServerUnderTest;
  const friend = "https://app.example.com";

  beforeAll(async () => {
    server = await startServer({ corsOrigins: [friend], predictToken });
  });

  afterAll(() => server.close());

  const preflight = (origin: string) =>
    fetch(`${server.base}/predict`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
      },
    });

  it("says to browsers what these pages may send, without a token", async () => {
    const { status, headers } = await preflight(friend);
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe(friend);
    expect(headers.get("access-control-allow-methods")).toBe("GET, POST");
    expect(headers.get("access-control-allow-headers")).toContain("authorization, content-type");
    expect(headers.get("access-control-allow-credentials")).toBeNull();
  });

  it.each(["https://app.example.com.evil.example", "http://app.example.com", "null"])(
    "says nothing to pages of %s",
    async (origin) => {
      expect((await preflight(origin)).headers.get("access-control-allow-origin")).toBeNull();
      const { headers } = await fetch(`${server.base}/model/info`, { headers: { origin } });
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("vary")).toBe("origin");
    },
  );

  it("lets these pages read answers, errors with them, and the request's id", async () => {
    const headers = { origin: friend };
    const refused = await fetch(`${server.base}/predict`, { method: "POST", headers, body: "{}" });
    expect(refused.status).toBe(401);
    expect(refused.headers.get("access-control-allow-origin")).toBe(friend);
    expect(refused.headers.get("access-control-expose-headers")).toContain("x-request-id");
  });
});

describe("a server that was told nothing", () => {
  let server: ServerUnderTest;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  it("lets everybody ask, and no page of another origin read the answer", async () => {
    const headers = { origin: "https://app.example.com" };
    const body = question;
    const path = `${server.base}/v1/models/sums:predict`;
    const answer = await fetch(path, { method: "POST", headers, body });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    expect(answer.headers.get("vary")).toBeNull();
  });

  const idOf = async (id?: string) => {
    const headers: Record<string, string> = id === undefined ? {} : { "x-request-id": id };
    return (await fetch(`${server.base}/nothing`, { headers })).headers.get("x-request-id");
  };

  it("gives every request an id, or takes the client's", async () => {
    const [one, other] = [await idOf(), await idOf()];
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(other).not.toBe(one);
    expect(await idOf("01JBZ:shop.42_a")).toBe("01JBZ:shop.42_a");
  });

  it.each(["", "a b", "<script>", '"msg":"x"', "x".repeat(129), "ä"])(
    "takes no id such as %.20j",
    async (id) => expect(await idOf(id)).toMatch(/^[0-9a-f-]{36}$/),
  );

  it("logs a failure of its own with the request's id, and nothing that was sent", async () => {
    const { models, log, base } = server;
    const slot = models.slot("sums");
    const { active } = slot;
    if (!active) throw new Error("no model");
    slot.active = { ...active, predict: () => Promise.reject(new Error("the engine fell over")) };
    const answer = await fetch(`${base}/predict?model=sums`, {
      method: "POST",
      headers: { "x-request-id": "the-request" },
      body: '{"features":[1.25,2.5,3.75,4.125]}',
    });
    slot.active = active;
    expect([answer.status, await answer.json()]).toEqual([
      500,
      { error: "the server failed to answer; its log says why" },
    ]);
    const line = log.findLast((text) => text.includes("a request failed")) ?? "";
    expect(JSON.parse(line)).toMatchObject({
      requestId: "the-request",
      path: "/predict",
      err: { message: "the engine fell over" },
    });
    expect(line).not.toMatch(/1\.25|3\.75|4\.125/);
  });
});

describe("the settings of who may ask", () => {
  const pinned = {
    MODEL_NAME: "sums",
    MODEL_VERSION: "1",
    MODEL_URI: "file:///models/sums",
    MODEL_DIGEST: `sha256:${"0".repeat(64)}`,
  };

  it("let everybody ask and no other origin's pages unless they say otherwise", () => {
    expect(parseSettings(pinned)).toMatchObject({ CORS_ORIGINS: [] });
    expect(parseSettings(pinned).PREDICT_TOKEN).toBeUndefined();
  });

  it("take origins between commas", () => {
    const CORS_ORIGINS = "https://app.example.com, http://localhost:3000";
    expect(parseSettings({ ...pinned, CORS_ORIGINS }).CORS_ORIGINS).toEqual([
      "https://app.example.com",
      "http://localhost:3000",
    ]);
  });

  it.each(["*", "null", "app.example.com", "https://app.example.com/", "https://a.example/path"])(
    "refuse %s, which is no origin",
    (CORS_ORIGINS) => {
      expect(() => parseSettings({ ...pinned, CORS_ORIGINS })).toThrow(SettingsError);
    },
  );

  it.each(["", "short", "with a space in the middle"])(
    'refuse the token "%s" and do not repeat it',
    (PREDICT_TOKEN) => {
      expect(() => parseSettings({ ...pinned, PREDICT_TOKEN })).toThrow(
        "the server's settings cannot be used: PREDICT_TOKEN: expected at least 16 characters without spaces; leave it out for no token",
      );
    },
  );
});
