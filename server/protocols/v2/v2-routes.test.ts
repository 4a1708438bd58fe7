import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerUnderTest, startServer } from "../../server-under-test.ts";

describe("the Open Inference Protocol", () => {
  let server: ServerUnderTest;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  async function ask(path: string, init?: RequestInit) {
    const answer = await fetch(`${server.base}/v2${path}`, init);
    return { status: answer.status, body: await answer.json() };
  }

  const post = (path: string, body: unknown = "") =>
    ask(path, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });

  const image = { name: "image", shape: [1, 2, 2, 1], datatype: "FP32", data: [1, 2, 3, 4] };
  const sums = { name: "sums", shape: [1, 2], datatype: "FP32", data: [10, 20] };
  const answer = { model_name: "sums", model_version: "7", outputs: [sums] };

  it("says that the server lives and is ready", async () => {
    expect(await ask("/health/live")).toEqual({ status: 200, body: { live: true } });
    expect(await ask("/health/ready")).toEqual({ status: 200, body: { ready: true, live: true } });
  });

  it("says with 503 that it is not ready, while it lives", async () => {
    const slot = server.models.slot("sums");
    const { active } = slot;
    slot.active = undefined;
    const notReady = { status: 503, body: { error: expect.stringContaining("is being loaded") } };
    expect(await ask("/health/ready")).toEqual(notReady);
    expect(await ask("/models/sums/ready")).toEqual(notReady);
    expect(await ask("/models/sums")).toEqual(notReady);
    expect(await post("/models/sums/infer", { inputs: [image] })).toEqual(notReady);
    expect(await ask("/health/live")).toMatchObject({ status: 200 });
    expect(await post("/repository/index")).toEqual({
      status: 200,
      body: [
        { name: "sums", version: "", state: "UNAVAILABLE", reason: "the model is not loaded" },
      ],
    });
    expect(await post("/repository/index", { ready: true })).toEqual({ status: 200, body: [] });
    slot.active = active;
  });

  it.each(["", "/"])("tells at /v2%s what the server is", async (path) => {
    expect(await ask(path)).toEqual({
      status: 200,
      body: {
        name: "updraft",
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        extensions: ["binary_tensor_data", "model_repository"],
      },
    });
  });

  it.each(["/models/sums", "/models/sums/versions/7"])(
    "tells at %s what the model takes and gives, is ready and infers",
    async (path) => {
      expect(await ask(path)).toEqual({
        status: 200,
        body: {
          name: "sums",
          versions: ["7"],
          platform: "tensorflowjs_layersmodel",
          inputs: [{ name: "image", datatype: "FP32", shape: [-1, 2, 2, 1] }],
          outputs: [{ name: "sums", datatype: "FP32", shape: [-1, 2] }],
        },
      });
      expect(await ask(`${path}/ready`)).toEqual({
        status: 200,
        body: { name: "sums", ready: true },
      });
      const inferred = await post(`${path}/infer`, { id: "mine", inputs: [image] });
      expect(inferred).toEqual({ status: 200, body: { ...answer, id: "mine" } });
    },
  );

  it("lists its models", async () => {
    expect((await ask("/models")).body).toEqual({ models: ["sums"] });
    expect((await post("/repository/index")).body).toEqual([
      { name: "sums", version: "7", state: "READY", reason: "" },
    ]);
    expect(await post("/repository/index", { ready: 1 })).toMatchObject({ status: 400 });
  });

  it.each(["load", "unload"])("does not %s models for whoever asks", async (verb) => {
    expect(await post(`/repository/models/sums/${verb}`)).toEqual({
      status: 501,
      body: { error: expect.stringContaining(`this server does not ${verb} "sums"`) },
    });
    expect(await post(`/repository/models/other/${verb}`)).toMatchObject({ status: 404 });
  });

  it.each([
    ["/models/other", 'there is no model "other"; this server has "sums"'],
    ["/models/sums/versions/8", 'there is no version 8 of "sums" here; version 7 serves'],
  ])("has nothing at %s", async (path, error) => {
    const expected = { status: 404, body: { error } };
    expect(await ask(path)).toEqual(expected);
    expect(await ask(`${path}/ready`)).toEqual(expected);
    expect(await post(`${path}/infer`, { inputs: [image] })).toEqual(expected);
  });

  it("answers several instances in their order, each with its own", async () => {
    const data = [1, 1, 1, 1, 2, 2, 2, 2, 0, 0, 0, 0];
    const inputs = [{ ...image, shape: [3, 2, 2, 1], data }];
    expect((await post("/models/sums/infer", { inputs })).body).toEqual({
      ...answer,
      outputs: [{ ...sums, shape: [3, 2], data: [4, 8, 8, 16, 0, 0] }],
    });
  });

  /** A request with its tensor as bytes, and what it wants the answer to be. */
  function binary(wanted: object, encode: (body: Buffer) => Uint8Array = (body) => body) {
    const { data, ...head } = image;
    const inputs = [{ ...head, parameters: { binary_data_size: 16 } }];
    const json = Buffer.from(JSON.stringify({ inputs, ...wanted }));
    const body = Buffer.concat([json, Buffer.from(Float32Array.from(data).buffer)]);
    return {
      method: "POST",
      body: new Uint8Array(encode(body)),
      headers: { "inference-header-content-length": String(json.length) },
    };
  }

  it.each<[string, object]>([
    ["of the request", { parameters: { binary_data_output: true } }],
    ["of the output", { outputs: [{ name: "sums", parameters: { binary_data: true } }] }],
  ])("takes bytes and gives bytes by the wish %s", async (_whose, wanted) => {
    const got = await fetch(`${server.base}/v2/models/sums/infer`, binary(wanted));
    expect(got.status).toBe(200);
    expect(got.headers.get("content-type")).toBe("application/octet-stream");
    const length = Number(got.headers.get("inference-header-content-length"));
    const body = Buffer.from(await got.arrayBuffer());
    const { data: _data, ...head } = sums;
    expect(JSON.parse(body.subarray(0, length).toString())).toEqual({
      ...answer,
      outputs: [{ ...head, parameters: { binary_data_size: 8 } }],
    });
    expect(new Uint8Array(body.subarray(length))).toEqual(
      new Uint8Array(Float32Array.of(10, 20).buffer),
    );
    expect(Number(got.headers.get("content-length"))).toBe(body.length);
  });

  it("takes compressed bytes, whose header says the length before compression", async () => {
    const compressed = binary({}, gzipSync);
    const headers = { ...compressed.headers, "content-encoding": "gzip" };
    expect(await ask("/models/sums/infer", { ...compressed, headers })).toEqual({
      status: 200,
      body: answer,
    });
  });

  it("refuses a header that lies, with what was expected", async () => {
    const headers = { "inference-header-content-length": "-5" };
    const refused = await ask("/models/sums/infer", { ...binary({}), headers });
    expect(refused).toEqual({
      status: 400,
      body: { error: expect.stringContaining('Inference-Header-Content-Length is "-5"') },
    });
  });

  /** How many requests the server has refused, as it tells a scraper. */
  async function counted() {
    const text = await (await fetch(`${server.base}/metrics`)).text();
    return Number(/prediction_requests_total\{.*status="400"\} (\d+)/.exec(text)?.[1] ?? 0);
  }

  it("is counted as predict requests are", async () => {
    const before = await counted();
    expect(await post("/models/sums/infer", {})).toMatchObject({ status: 400 });
    await expect.poll(counted).toBe(before + 1);
  });
});
