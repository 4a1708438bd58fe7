import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerUnderTest, startServer } from "../server-under-test.ts";

const dim = (...sizes: string[]) => sizes.map((size) => ({ size, name: "" }));

describe("the first protocol", () => {
  let server: ServerUnderTest;

  beforeAll(async () => {
    server = await startServer();
    const slot = server.models.slot("sums");
    slot.active = { ...server.models.require("sums"), labels: ["champion"] };
  });

  afterAll(() => server.close());

  async function ask(path: string, init?: RequestInit) {
    const answer = await fetch(`${server.base}/v1/models${path}`, init);
    return { status: answer.status, body: await answer.json() };
  }

  const body = '{"instances":[[1,2,3,4]]}';
  const predict = (
    path: string,
    headers: Record<string, string> = {},
    sent: string | Uint8Array<ArrayBuffer> = body,
  ) => ask(path, { method: "POST", body: sent, headers });
  const answered = { status: 200, body: { predictions: [[10, 20]] } };

  it.each(["/sums", "/sums/versions/7", "/sums/labels/champion"])(
    "answers status, metadata and predictions of %s",
    async (path) => {
      expect(await predict(`${path}:predict`)).toEqual(answered);
      expect(await ask(path)).toMatchObject({
        status: 200,
        body: { ready: true, model_version_status: [{ version: "7", state: "AVAILABLE" }] },
      });
      expect(await ask(`${path}/metadata`)).toMatchObject({
        status: 200,
        body: { model_spec: { name: "sums", version: "7" } },
      });
    },
  );

  it.each([
    ["/sums/versions/8", 'there is no version 8 of "sums" here; version 7 serves'],
    [
      "/sums/labels/stable",
      'no version of "sums" here is labelled "stable"; version 7 serves, champion',
    ],
    ["/other", 'there is no model "other"; this server has "sums"'],
    ["/__proto__", 'there is no model "__proto__"; this server has "sums"'],
  ])("has nothing at %s", async (path, error) => {
    const expected = { status: 404, body: { error } };
    expect(await ask(path)).toEqual(expected);
    expect(await ask(`${path}/metadata`)).toEqual(expected);
    expect(await predict(`${path}:predict`)).toEqual(expected);
  });

  it("says with 503 that a model is not ready, as KServe does", async () => {
    const slot = server.models.slot("sums");
    const { active } = slot;
    slot.active = undefined;
    const expected = { status: 503, body: { error: expect.stringContaining("is being loaded") } };
    expect(await ask("/sums")).toEqual(expected);
    expect(await ask("/sums/metadata")).toEqual(expected);
    expect(await predict("/sums:predict")).toEqual(expected);
    slot.active = active;
  });

  it("describes the model as TensorFlow Serving does", async () => {
    expect((await ask("/sums/metadata")).body).toEqual({
      model_spec: { name: "sums", signature_name: "", version: "7" },
      metadata: {
        signature_def: {
          signature_def: {
            serving_default: {
              inputs: {
                image: {
                  name: "image",
                  dtype: "DT_FLOAT",
                  tensor_shape: { dim: dim("-1", "2", "2", "1"), unknown_rank: false },
                },
              },
              outputs: {
                sums: {
                  name: "sums",
                  dtype: "DT_FLOAT",
                  tensor_shape: { dim: dim("-1", "2"), unknown_rank: false },
                },
              },
              method_name: "tensorflow/serving/predict",
            },
          },
        },
      },
    });
  });

  it.each([
    ["gzip", gzipSync(body)],
    ["deflate", deflateSync(body)],
    ["br", brotliCompressSync(body)],
  ])("takes a body that is compressed with %s", async (encoding, sent) => {
    const headers = { "content-encoding": encoding };
    expect(await predict("/sums:predict", headers, new Uint8Array(sent))).toEqual(answered);
  });

  it("refuses what is compressed otherwise than it says, and what becomes too large", async () => {
    const gzip = { "content-encoding": "gzip" };
    expect(await predict("/sums:predict", gzip)).toMatchObject({ status: 400 });
    const cut = new Uint8Array(gzipSync(body).subarray(0, 20));
    expect(await predict("/sums:predict", gzip, cut)).toMatchObject({ status: 400 });
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(64 * 1024 * 1024)));
    expect(await predict("/sums:predict", gzip, bomb)).toMatchObject({ status: 413 });
    const other = { "content-encoding": "zstd9" };
    expect(await predict("/sums:predict", other)).toMatchObject({ status: 415 });
  });

  it.each(["explain", "classify", "regress"])("says that it does not %s", async (verb) => {
    expect(await predict(`/sums:${verb}`)).toEqual({
      status: 501,
      body: { error: `this server does not ${verb}, it predicts; ask with :predict` },
    });
  });

  it.each([
    ['{"__proto__":{"instances":[[1,2,3,4]]}}', "got neither"],
    ['{"instances":[{"__proto__":[1,2,3,4]}]}', 'expected the one input "image", got __proto__'],
    ['{"instances":[[1,2,3,4]],"signature_name":{"toString":1}}', 'no signature "object"'],
    [`{"instances":[{"${"x".repeat(1000)}":1}]}`, `got ${"x".repeat(80)}…`],
    ['{"instances":[{"b64":"AQIDBA=="}]}', '"image" takes numbers from 0 to 10; send a list of 4'],
  ])("refuses %.70s", async (sent, message) => {
    expect(await predict("/sums:predict", {}, sent)).toEqual({
      status: 400,
      body: { error: expect.stringContaining(message) },
    });
  });
});
