import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerUnderTest, startServer } from "../server-under-test.ts";

let server: ServerUnderTest;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${server.base}${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  const id = answer.headers.get("x-request-id") ?? "";
  return { id, status: answer.status, body: (await answer.json()) as unknown };
};
const feedback = (body: unknown) => post("/feedback", body);
const metric = async (name: string) => {
  const text = await (await fetch(`${server.base}/metrics`)).text();
  return text.split("\n").filter((line) => line.startsWith(`${name}{`));
};

/** The tiny package's second class is always twice as likely, but for what is below zero. */
const features = [1, 2, 3, 4];

describe("feedback", () => {
  it("says of each protocol's answer whether it was right, and counts it once", async () => {
    const tensor = { name: "image", shape: [1, 2, 2, 1], datatype: "FP32", data: features };
    const asked = [
      await post("/predict", { features }),
      await post("/v1/models/sums:predict", { instances: [features] }),
      await post("/v2/models/sums/infer", { inputs: [tensor] }),
    ];
    const answer = { predicted: "two", model: "sums", model_version: "7" };
    for (const { id } of asked) {
      for (const _ of ["once", "again"]) {
        expect(await feedback({ request_id: id, label: "two" })).toMatchObject({
          status: 200,
          body: { correct: true, ...answer },
        });
      }
    }
    const { id } = await post("/predict", { features });
    expect((await feedback({ prediction_id: id, label: "one", model: "sums" })).body).toEqual({
      correct: false,
      ...answer,
    });
    expect(await metric("feedback_total")).toEqual([
      'feedback_total{model="sums",version="7",correct="true"} 3',
      'feedback_total{model="sums",version="7",correct="false"} 1',
    ]);
    expect(await metric("live_accuracy")).toEqual(['live_accuracy{model="sums",version="7"} 0.75']);
  });

  it("refuses another truth about the same prediction", async () => {
    const { id } = await post("/predict", { features });
    await feedback({ request_id: id, label: "two" });
    expect(await feedback({ request_id: id, label: "one" })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('told to be "two" before') },
    });
  });

  it("is told which instance of several is meant", async () => {
    const { id } = await post("/v1/models/sums:predict", { instances: [features, features] });
    const sent = { request_id: id, label: "two" };
    expect((await feedback({ ...sent, instance: 1 })).status).toBe(200);
    expect((await feedback({ ...sent, instance: 2 })).body).toEqual({
      error: '"instance" is 2; the request had 2: expected a number below that',
    });
    expect((await feedback(sent)).status).toBe(400);
  });

  it("takes the instance itself in the place of an id", async () => {
    expect(await feedback({ features, label: "one" })).toMatchObject({
      status: 200,
      body: { correct: false, predicted: "two" },
    });
  });

  it("does not know an id that was never here, nor one of another model's", async () => {
    const unknown = await feedback({ request_id: "never", label: "two" });
    expect([unknown.status, unknown.body]).toEqual([
      404,
      { error: expect.stringContaining('there is no prediction "never" among the last ones') },
    ]);
    const { id } = await post("/predict", { features });
    expect((await feedback({ request_id: id, label: "two", model: "other" })).status).toBe(404);
  });

  it.each([
    [{ label: "two" }, 'expected one of "request_id", "prediction_id" and "features"'],
    [{ request_id: "a", prediction_id: "b", label: "two" }, "expected one of"],
    [{ features: [1], label: "two" }, "instance 0 has 1 values"],
    [{ features, label: "three" }, '"label" is "three"; expected one of one, two'],
    [{ features }, "label: "],
    [{ features, label: "two", other: 1 }, "Unrecognized key"],
    [[], 'expected {"request_id"'],
  ])("refuses %j with what was expected", async (body, message) => {
    const answer = await feedback(body);
    expect([answer.status, answer.body]).toEqual([
      400,
      { error: expect.stringContaining(message) },
    ]);
  });
});

describe("feedback of a server with a token", () => {
  it("needs it", async () => {
    const closed = await startServer({ predictToken: "a-token-of-this-test" });
    const ask = (headers: Record<string, string>) =>
      fetch(`${closed.base}/feedback`, {
        method: "POST",
        headers,
        body: JSON.stringify({ features, label: "two" }),
      });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: "Bearer a-token-of-this-test" })).status).toBe(200);
    await closed.close();
  });
});
