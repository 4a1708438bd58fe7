import { setTimeout as sleep } from "node:timers/promises";
import type * as OpenTelemetry from "@opentelemetry/api";
import type { Logger } from "pino";
import type { SpanEnd, StartSpan, TraceContext } from "./trace-context.ts";

/** Spans on their way to a collector. */
export interface Tracing {
  readonly startSpan: StartSpan;
  /** Sends what is still here; for at most two seconds. */
  end(): Promise<void>;
}

type Api = Pick<
  typeof OpenTelemetry,
  "diag" | "DiagLogLevel" | "trace" | "ROOT_CONTEXT" | "SpanKind" | "SpanStatusCode"
>;

const silent = () => undefined;

const longestWaitMs = 2000;

/**
 * Sends a span for each request to an OpenTelemetry collector, in batches and beside the requests.
 * A collector that is away costs a line in the log and the spans of that time.
 * @param variables `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` names it;
 *   `OTEL_SERVICE_NAME` and the other variables of OpenTelemetry count as everywhere
 * @returns nothing if no collector is named; then nothing of OpenTelemetry is loaded
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export async function startTracing(
  variables: Readonly<Record<string, string | undefined>>,
  logger: Logger,
): Promise<Tracing | undefined> {
  const url = tracesEndpoint(variables);
  if (url === undefined || variables["OTEL_SDK_DISABLED"] === "true") return undefined;
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-trace-base"),
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/resources"),
  ]);
  reportTo(api, logger);
  const name = variables["OTEL_SERVICE_NAME"] || "updraft-server";
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": name }),
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  return {
    startSpan: spansOf(api, provider.getTracer("updraft-server")),
    async end() {
      const sent = provider.shutdown().catch(() => undefined);
      await Promise.race([sent, sleep(longestWaitMs, undefined, { ref: false })]);
    },
  };
}

/** Says in the log what keeps spans from being sent. */
function reportTo({ diag, DiagLogLevel }: Api, logger: Logger): void {
  const warn = (message: string) => logger.warn(`traces: ${message.slice(0, 300)}`);
  const levels = { error: warn, warn, info: silent, debug: silent, verbose: silent };
  diag.setLogger(levels, DiagLogLevel.WARN);
}

function spansOf(
  { trace, ROOT_CONTEXT, SpanKind, SpanStatusCode }: Api,
  tracer: OpenTelemetry.Tracer,
): StartSpan {
  return (method, parent) => {
    const context = parent ? trace.setSpanContext(ROOT_CONTEXT, remote(parent)) : ROOT_CONTEXT;
    const span = tracer.startSpan(method, { kind: SpanKind.SERVER }, context);
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      traceId,
      spanId,
      flags: traceFlags.toString(16).padStart(2, "0"),
      end(result) {
        span.setAttributes({ "http.request.method": method, ...attributesOf(result) });
        if (result.route !== undefined) span.updateName(`${method} ${result.route}`);
        if (result.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  };
}

/** @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server */
function attributesOf({ status, route, model, version }: SpanEnd): OpenTelemetry.Attributes {
  return {
    "http.response.status_code": status,
    ...(route === undefined ? {} : { "http.route": route }),
    ...(model === "" ? {} : { "updraft.model": model, "updraft.model_version": version }),
  };
}

/** Where spans are posted to. */
function tracesEndpoint(
  variables: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const own = variables["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
  if (own) return own;
  const shared = variables["OTEL_EXPORTER_OTLP_ENDPOINT"];
  return shared ? `${shared.replace(/\/+$/, "")}/v1/traces` : undefined;
}

function remote({ traceId, parentId, flags }: TraceContext) {
  return { traceId, spanId: parentId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}
