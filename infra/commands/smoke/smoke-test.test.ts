import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { freePort } from "@updraft/contracts/free-port";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { largestDifference } from "./checks.ts";
import { smokeReport, smokeTest } from "./smoke-test.ts";

const digest = `sha256:${"a".repeat(64)}` as const;
const other = `sha256:${"b".repeat(64)}` as const;
const model = { name: "sums", version: "3", digest };
const signature = {
  inputs: [{ name: "image", datatype: "FP32", shape: [-1, 2] }],
  outputs: [{ name: "sum", datatype: "FP32", shape: [-1, 1] }],
  example: { inputs: { image: [1, 2] }, outputs: { sum: [3] } },
};

describe("the smoke test of a stack", () => {
  let server: Server;
  let url: string;
  let answers: Record<string, unknown>;
  let asked: string[];
  let shown: string[];

  beforeEach(async () => {
    asked = [];
    shown = [];
    answers = {
      "/ready": { ready: true },
      "/model/info": { digest },
      "/model/signature": signature,
      "/v1/models/sums:predict": { predictions: [[3.000_01]] },
      "/health": "OK",
    };
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        asked.push(`${request.method} ${request.url} ${body}`.trim());
        const answer = answers[request.url ?? ""];
        response.statusCode = answer === undefined ? 503 : 200;
        const { authorization } = request.headers;
        if (authorization !== undefined) shown.push(`${authorization} to ${request.url}`);
        response.end(JSON.stringify(answer ?? { error: "not yet" }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const found = async (trackerUrl = url) =>
    smokeReport("pr-1", await smokeTest({ url, trackerUrl, model }, { waitSeconds: 0 }));

  it("asks for what it was made for", async () => {
    expect(await found()).toBe(`smoke test of pr-1
  passed  ready    the server is ready
  passed  digest   ${digest} serves, version 3
  passed  example  the package's example is answered as in training, to within 1e-5
  passed  tracker  the tracker answers
`);
    expect(asked).toEqual([
      "GET /ready",
      "GET /model/info",
      "GET /model/signature",
      'POST /v1/models/sums:predict {"instances":[[1,2]]}',
      "GET /health",
    ]);
    expect(shown).toEqual([]);
  });

  it("shows the token of a stack that has one, to the server's predictions alone", async () => {
    const target = { url, trackerUrl: url, model, predictToken: "a-token-of-this-stack" };
    const checks = await smokeTest(target, { waitSeconds: 0 });
    expect(checks.map(({ isPassed }) => isPassed)).toEqual([true, true, true, true]);
    expect(shown).toEqual(["Bearer a-token-of-this-stack to /v1/models/sums:predict"]);
  });

  it("names everything that is not so", async () => {
    answers = {
      ...answers,
      "/ready": undefined,
      "/model/info": { digest: other },
      "/v1/models/sums:predict": { predictions: [[4]] },
    };
    const away = `http://127.0.0.1:${await freePort()}`;
    expect(await found(away)).toBe(`smoke test of pr-1
  FAILED  ready    ${url}/ready answers 503: {"error":"not yet"}
  FAILED  digest   ${other} serves, and version 3 that was released is ${digest}
  FAILED  example  the package's example is answered with [4], and in training it was [3]
  FAILED  tracker  fetch failed (connect ECONNREFUSED ${away.slice("http://".length)})
`);
  });

  it("waits for a server whose way comes into being after the update", async () => {
    const ready = answers["/ready"];
    delete answers["/ready"];
    server.once("request", () => (answers["/ready"] = ready));
    const checks = await smokeTest({ url, trackerUrl: url, model }, { waitSeconds: 10 });
    expect(checks.map(({ isPassed }) => isPassed)).toEqual([true, true, true, true]);
  });
});

it.each<[number[], number[], number]>([
  [[1, 2], [1, 2.5], 0.5],
  [[1, 2], [1], Number.POSITIVE_INFINITY],
  [[1], [Number.NaN], Number.POSITIVE_INFINITY],
  [[], [], Number.POSITIVE_INFINITY],
])("%j and %j are %d apart", (expected, actual, difference) => {
  expect(largestDifference(expected, actual)).toBe(difference);
});
