import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { json } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerUnderTest, startServer } from "./server-under-test.ts";

const mebibyte = 1 << 20;

describe("the server and those who mean harm", () => {
  let server: ServerUnderTest;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  async function post(path: string, body: string | Buffer, headers: Record<string, string> = {}) {
    const answer = await fetch(`${server.base}${path}`, {
      method: "POST",
      body: typeof body === "string" ? body : new Uint8Array(body),
      headers,
    });
    return { status: answer.status, body: await answer.json() };
  }

  it.each([
    ["/v1/models/sums:predict", '{"__proto__":{"instances":[[1,2,3,4]]}}'],
    ["/v1/models/sums:predict", '{"instances":[{"__proto__":[1,2,3,4]}]}'],
    ["/v1/models/__proto__:predict", '{"instances":[[1,2,3,4]]}'],
    ["/v2/models/sums/infer", '{"__proto__":{"inputs":[]}}'],
    ["/v2/models/constructor/infer", '{"inputs":[]}'],
    ["/predict", '{"__proto__":{"features":[1,2,3,4]}}'],
    ["/predict", '{"features":{"__proto__":1,"constructor":2}}'],
    ["/predict?__proto__[features]=1&constructor[prototype][x]=1", "{}"],
    ["/feedback", '{"__proto__":{"request_id":"a"},"label":"one"}'],
  ])("takes no property from a prototype: %s %s", async (path, body) => {
    const answer = await post(path, body);
    expect([400, 404]).toContain(answer.status);
    expect(answer.body).toEqual({ error: expect.stringMatching(/./) });
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(await post("/predict", '{"features":[1,2,3,4]}')).toMatchObject({ status: 200 });
  });

  it.each(["/v1/models/sums:predict", "/v2/models/sums/infer", "/predict", "/feedback"])(
    "unpacks no more than it takes, at %s",
    async (path) => {
      const body = gzipSync(Buffer.alloc(17 * mebibyte));
      expect(body.length).toBeLessThan(mebibyte / 10);
      expect(await post(path, body, { "content-encoding": "gzip" })).toEqual({
        status: 413,
        body: { error: `the body is larger than ${16 * mebibyte} bytes` },
      });
    },
  );

  it.each(["/v1/models/sums:predict", "/v2/models/sums/infer", "/predict", "/feedback"])(
    "takes brackets without end for no JSON, at %s",
    async (path) => {
      const answer = await post(path, `{"a":${"[".repeat(1_000_000)}`);
      expect([answer.status, answer.body]).toEqual([
        400,
        { error: expect.stringContaining("JSON") },
      ]);
    },
  );

  it.each([
    "/../server/app.ts",
    "/page/../../package.json",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..%2fapp.ts",
    "/..%5capp.ts",
    "/%00",
    "/page.js%00.html",
    "/%zz",
    "/%c0%ae%c0%ae/app.ts",
    "//etc/passwd",
    "/.git/config",
    "/v1/models/..%2f..%2fapp.ts",
    "/v1/models/sums/versions/7/../../../../app.ts",
    "/v2/models/%ff",
  ])("finds nothing at %s", async (path) => {
    const { hostname, port } = new URL(server.base);
    // `fetch` would make another path of it.
    const asked = request({ hostname, port, path }).end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    expect([400, 403, 404]).toContain(answer.statusCode);
    expect(await json(answer)).toEqual({ error: expect.stringMatching(/^(?!.*node_modules)./) });
  });
});
