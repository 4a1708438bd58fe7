import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerUnderTest, startServer } from "../server-under-test.ts";
import { startTracing, type Tracing } from "./tracing.ts";

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}
interface Attribute {
  readonly key: string;
  readonly value: object;
}
interface Span {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code: number };
}

const parent = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" };
const sent: Sent[] = [];
const paths: (string | undefined)[] = [];
let collector: Server;
let tracing: Tracing | undefined;
let server: ServerUnderTest;

beforeAll(async () => {
  collector = createServer(async (request, response) => {
    paths.push(request.url);
    sent.push(JSON.parse(await text(request)));
    response.setHeader("content-type", "application/json").end("{}");
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const { port } = collector.address() as AddressInfo;
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/` };
  tracing = await startTracing(variables, pino({ level: "silent" }));
  server = await startServer({ startSpan: tracing?.startSpan });
});

afterAll(async () => {
  await server.close();
  collector.close();
});

const plain = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

it("sends a span for each request, below the one that asked, and nothing of its body", async () => {
  const { traceId, spanId } = parent;
  const asked = await fetch(`${server.base}/v2/models/sums/infer`, {
    method: "POST",
    headers: { traceparent: `00-${traceId}-${spanId}-01` },
    body: '{"inputs":[{"name":"image","shape":[1,2,2,1],"datatype":"FP32","data":[1.25,2,3,4]}]}',
  });
  await asked.text();
  const lost = await fetch(`${server.base}/nothing?secret=1`);
  await lost.text();
  await tracing?.end();

  const spans = sent.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
  expect(paths).toEqual(["/v1/traces"]);
  expect(plain(sent[0]?.resourceSpans[0]?.resource.attributes ?? [])).toEqual({
    "service.name": "updraft-server",
  });
  const [first, second] = spans;
  expect(spans).toHaveLength(2);
  expect(first).toMatchObject({ kind: 2, traceId, parentSpanId: spanId, status: { code: 0 } });
  expect(first?.name).toBe("POST /v2/models/:name{/versions/:version}/infer");
  expect(plain(first?.attributes ?? [])).toEqual({
    "http.request.method": "POST",
    "http.response.status_code": 200,
    "http.route": "/v2/models/:name{/versions/:version}/infer",
    "updraft.model": "sums",
    "updraft.model_version": "7",
  });
  expect(asked.headers.get("traceresponse")).toBe(`00-${traceId}-${first?.spanId}-01`);
  expect(second).toMatchObject({ name: "GET" });
  expect(second?.traceId).not.toBe(traceId);
  expect(JSON.stringify(sent)).not.toMatch(/1\.25|secret/);
});

it("loads nothing and records nothing where no collector is named", async () => {
  expect(await startTracing({}, pino({ level: "silent" }))).toBeUndefined();
  const off = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9", OTEL_SDK_DISABLED: "true" };
  expect(await startTracing(off, pino({ level: "silent" }))).toBeUndefined();
});

it("ends in time with spans that no collector takes", async () => {
  const away = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://127.0.0.1:9/v1/traces" };
  const other = await startTracing(away, pino({ level: "silent" }));
  other?.startSpan("GET", undefined).end({ status: 200, route: "/", model: "", version: "" });
  await expect(other?.end()).resolves.toBeUndefined();
});
