import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { Signature } from "@updraft/contracts/signature";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "./app.ts";
import { writeTinyPackage } from "./fixtures.ts";
import { createMetrics } from "./watching/metrics.ts";
import { ModelRepository } from "./models/model-repository.ts";
import { loadServedModel } from "./models/served-model.ts";
import { createWasmEngine } from "./engines/wasm-engine.ts";

describe("the server", () => {
  const models = new ModelRepository(["sums"]);
  const metrics = createMetrics();
  let server: Server;
  let base: string;
  let digest: string;

  beforeAll(async () => {
    const written = await writeTinyPackage(await mkdtemp(join(tmpdir(), "updraft-server-")));
    digest = written.digest;
    server = createServer(createApp(models, pino({ level: "silent" }), metrics));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const pinned = { name: "sums", version: "7", ...written };
    models.slot("sums").active = await loadServedModel(pinned, await createWasmEngine());
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  async function predict(body: unknown, headers: Record<string, string> = {}) {
    const answer = await fetch(`${base}/v1/models/sums:predict`, {
      method: "POST",
      headers,
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  }

  const one = [
    [[1], [2]],
    [[3], [4]],
  ];

  it("lives, but is not ready, while the model is being loaded", async () => {
    const slot = models.slot("sums");
    const { active } = slot;
    slot.active = undefined;
    expect((await fetch(`${base}/health`)).status).toBe(200);
    const notReady = await fetch(`${base}/ready`);
    expect(notReady.status).toBe(503);
    expect(notReady.headers.get("retry-after")).toBe("1");
    expect((await predict({ instances: [one] })).status).toBe(503);
    slot.active = active;
  });

  it("is ready once the package has answered its own example", async () => {
    const ready = await fetch(`${base}/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ ready: true, name: "sums", version: "7" });
  });

  it("is not ready once it is stopping, but lives and answers", async () => {
    models.isDraining = true;
    const notReady = await fetch(`${base}/ready`);
    expect([notReady.status, await notReady.json()]).toEqual([
      503,
      { error: "the server is stopping; another one takes over" },
    ]);
    expect((await fetch(`${base}/health`)).status).toBe(200);
    expect((await predict({ instances: [one] })).status).toBe(200);
    models.isDraining = false;
  });

  it("answers the row form, nested or flat, with predictions in the same order", async () => {
    expect(await predict({ instances: [one, [0, 0, 0, 5], { image: one }] })).toEqual({
      status: 200,
      body: {
        predictions: [
          [10, 20],
          [5, 10],
          [10, 20],
        ],
      },
    });
  });

  it("answers the column form with outputs", async () => {
    expect(await predict({ inputs: [one] })).toEqual({
      status: 200,
      body: { outputs: [[10, 20]] },
    });
    expect(await predict({ inputs: { image: [one] } })).toEqual({
      status: 200,
      body: { outputs: [[10, 20]] },
    });
  });

  it.each(["application/json", "text/plain", "application/x-www-form-urlencoded"])(
    "takes the body as JSON when its content type is %s",
    async (type) => {
      expect((await predict({ instances: [one] }, { "content-type": type })).status).toBe(200);
    },
  );

  it("answers many requests at once, each with its own", async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => predict({ instances: [[index % 10, 0, 0, 0]] })),
    );
    expect(answers.map(({ body }) => body)).toEqual(
      Array.from({ length: 200 }, (_, index) => ({
        predictions: [[index % 10, (index % 10) * 2]],
      })),
    );
  });

  it.each([
    ["", "the body is empty; expected a JSON object"],
    ["{", "the body is not JSON"],
    ["[]", "expected a JSON object such as"],
    ["{}", 'got neither; an instance is "image": 4 numbers of shape [2, 2, 1], each from 0 to 10'],
    ['{"instances":[],"inputs":[]}', "got both"],
    ['{"instances":[]}', "expected a list with at least one instance"],
    ['{"instances":[[1,2,3]]}', "instance 0 has 3 values; expected"],
    ['{"instances":[[1,2,3,4],[1,2,3,4,5]]}', "instance 1 has more than 4 values; expected"],
    ['{"instances":[[1,2,3,11]]}', "value 3 of instance 0 is 11; expected"],
    ['{"instances":[[1,2,3,"4"]]}', "expected numbers, got string"],
    ['{"instances":[[1,2,3,null]]}', "expected numbers, got null"],
    ['{"instances":[{"picture":[1,2,3,4]}]}', 'expected the one input "image", got picture'],
    ['{"instances":[[1,2,3,4]],"signature_name":"other"}', 'there is no signature "other"'],
    [`{"instances":${JSON.stringify(Array.from({ length: 1025 }, () => 0))}}`, "at most 1024"],
    [`{"instances":[${"[".repeat(50_000)}1${"]".repeat(50_000)}]}`, "nested more than 3 deep"],
    ['{"instances":[[1,2,3,NaN]]}', "the body is not JSON"],
    ['{"instances":[[1,2,3,1e999]]}', "value 3 of instance 0 is Infinity; expected"],
  ])("refuses %.60s with what was expected", async (body, message) => {
    const answer = await predict(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ error: expect.stringContaining(message) });
  });

  it("refuses a body that is too large", async () => {
    const answer = await predict(`{"instances":["${"x".repeat(17 * 1024 * 1024)}"]}`);
    expect(answer.status).toBe(413);
  });

  it("names the model that it has when another one is asked for", async () => {
    const answer = await fetch(`${base}/v1/models/digits:predict`, { method: "POST", body: "{}" });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({
      error: 'there is no model "digits"; this server has "sums"',
    });
  });

  it("tells KServe's clients that the model is ready and TF Serving's which version it is", async () => {
    const answer = await fetch(`${base}/v1/models/sums`);
    expect(await answer.json()).toEqual({
      name: "sums",
      ready: true,
      model_version_status: [
        { version: "7", state: "AVAILABLE", status: { error_code: "OK", error_message: "" } },
      ],
    });
    expect(await (await fetch(`${base}/v1/models`)).json()).toEqual({ models: ["sums"] });
  });

  it("tells people what serves", async () => {
    expect(await (await fetch(`${base}/model/info`)).json()).toMatchObject({
      name: "sums",
      version: "7",
      digest,
      metrics: { accuracy: 0.5 },
      outputs: [{ labels: ["one", "two"] }],
    });
  });

  it("tells with an example how it is asked and what it answers then", async () => {
    const answer = await fetch(`${base}/model/signature`);
    const { example } = Signature.parse(await answer.json());
    expect(example).toEqual({ inputs: { image: [1, 2, 3, 4] }, outputs: { sums: [10, 20] } });
    const asked = await predict({ instances: [example.inputs["image"]] });
    expect(asked.body).toEqual({ predictions: [example.outputs["sums"]] });
  });

  const takesHtml = { headers: { accept: "text/html,*/*;q=0.8" } };

  it("tells who takes no HTML, as KServe's client, that it lives", async () => {
    for (const accept of ["*/*", "application/json"]) {
      const answer = await fetch(base, { headers: { accept } });
      expect([answer.headers.get("vary"), await answer.json()]).toEqual([
        expect.stringMatching(/accept/i),
        { status: "alive" },
      ]);
    }
  });

  it("serves a form to a model that reads no drawings, and the drawing page by its name", async () => {
    const [form, drawing] = await Promise.all(
      [base, `${base}/index.html`].map(async (url) => (await fetch(url, takesHtml)).text()),
    );
    expect(form).toContain("<title>Ask the model</title>");
    expect(drawing).toContain("<title>Draw a digit</title>");
  });

  it("lets browsers load nothing from elsewhere", async () => {
    const page = await fetch(base, takesHtml);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    expect(page.headers.get("x-powered-by")).toBeNull();
  });

  it.each(["/.", "/nothing/..", "/./."])("sends nobody from %s to somewhere else", async (path) => {
    // `fetch` would not ask for such a path.
    const asked = request(base, { path }).end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    expect([answer.statusCode, await json(answer)]).toEqual([
      404,
      { error: `there is no GET ${path}` },
    ]);
  });

  it.each(["/nothing", "/..%2f..%2fpackage.json", "/%2e%2e/app.ts", "/app.ts"])(
    "has nothing at %s",
    async (path) => {
      const answer = await fetch(`${base}${path}`);
      expect([400, 403, 404]).toContain(answer.status);
      expect(await answer.json()).toEqual({ error: expect.any(String) });
    },
  );
});
