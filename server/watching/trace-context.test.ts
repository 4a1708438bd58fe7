import { afterEach, describe, expect, it } from "vitest";
import { type ServerUnderTest, startServer } from "../server-under-test.ts";
import { parseTraceparent } from "./trace-context.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const parentId = "00f067aa0ba902b7";

describe("parseTraceparent", () => {
  it("reads version 00, and what it knows of a later one", () => {
    const expected = { traceId, parentId, flags: "01" };
    expect(parseTraceparent(`00-${traceId}-${parentId}-01`)).toEqual(expected);
    expect(parseTraceparent(`cc-${traceId}-${parentId}-01-what-comes-later`)).toEqual(expected);
  });

  it.each([
    undefined,
    "",
    "00",
    `00-${traceId}-${parentId}`,
    `00-${traceId}-${parentId}-01-more`,
    `cc-${traceId}-${parentId}-01.more`,
    `ff-${traceId}-${parentId}-01`,
    `00-${"0".repeat(32)}-${parentId}-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${parentId}-01`,
    `00-${traceId}-${parentId}-01\n{"level":60}`,
    ` 00-${traceId}-${parentId}-01`,
  ])("takes %j for none", (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});

describe("the log", () => {
  let server: ServerUnderTest;
  const start = async (level: "debug" | "info") => {
    server = await startServer({}, {}, level);
  };
  afterEach(() => server.close());

  const secret = 3.1425;
  const predict = async () => {
    const answer = await fetch(`${server.base}/v1/models/sums:predict?secret=${secret}`, {
      method: "POST",
      headers: { "x-request-id": "order-1", traceparent: `00-${traceId}-${parentId}-01` },
      body: JSON.stringify({ instances: [[secret, 2, 3, 4]] }),
    });
    await answer.text();
    return answer;
  };

  it("has a line for each request, with its ids and nothing of what was asked", async () => {
    await start("debug");
    const answer = await predict();
    await expect.poll(() => server.log).toHaveLength(1);
    const [line = ""] = server.log;
    const [, given, spanId, flags] = (answer.headers.get("traceresponse") ?? "").split("-");
    expect([given, flags]).toEqual([traceId, "01"]);
    expect(spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(spanId).not.toBe(parentId);
    expect(JSON.parse(line)).toMatchObject({
      level: 20,
      msg: "answered",
      requestId: "order-1",
      traceId,
      parentId,
      spanId,
      method: "POST",
      path: "/v1/models/sums:predict",
      status: 200,
      milliseconds: expect.any(Number),
      model: "sums",
      version: "7",
    });
    expect(line).not.toContain(String(secret));
  });

  it("has none while its level is info", async () => {
    await start("info");
    expect((await predict()).status).toBe(200);
    expect(server.log).toEqual([]);
  });

  it("names no trace where the header is none, and the answer neither", async () => {
    await start("debug");
    const headers = { traceparent: "00-nonsense" };
    const answer = await fetch(`${server.base}/health`, { headers });
    expect([answer.status, answer.headers.get("traceresponse")]).toEqual([200, null]);
    await expect.poll(() => server.log).toHaveLength(1);
    expect(server.log[0]).not.toContain("traceId");
  });
});
