import { randomBytes } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import { requestIdOf } from "../request-id.ts";
import { labelsOf } from "./metrics.ts";

/** Where a request belongs in a trace that began elsewhere. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** What asked: 16 hexadecimal digits. */
  readonly parentId: string;
  /** Two hexadecimal digits; the last bit says that somebody keeps this trace. */
  readonly flags: string;
}

const format = /^(?<version>[0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?<more>-.*)?$/;

/**
 * Reads a `traceparent` header.
 * @returns nothing if it is none: the request is then one that belongs to no trace
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const match = format.exec(header ?? "");
  const [, version, traceId = "", parentId = "", flags = ""] = match ?? [];
  // Version 00 has nothing behind its flags; of later ones, what is there is not known here.
  const isForm =
    match && version !== "ff" && (version !== "00" || match.groups?.["more"] === undefined);
  if (!isForm || /^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  return { traceId, parentId, flags };
}

/** What becomes of a request, for its span. */
export interface SpanEnd {
  readonly status: number;
  /** The route's pattern, such as `/v1/models/:name`; nothing where none was met. */
  readonly route: string | undefined;
  /** Empty where no model of this server was asked. */
  readonly model: string;
  readonly version: string;
}

/** A request that is recorded while it is answered. */
export interface OpenSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Two hexadecimal digits. */
  readonly flags: string;
  end(result: SpanEnd): void;
}

/** Begins to record a request. */
export type StartSpan = (method: string, parent: TraceContext | undefined) => OpenSpan;

/**
 * Takes the trace that a client says its request belongs to: for the log, and said with the answer
 * as `traceresponse`, with an id for what was done here.
 * @param startSpan records each request, also one that belongs to no trace yet
 * @see https://w3c.github.io/trace-context/#traceresponse-header
 */
export function traceContext(startSpan?: StartSpan): RequestHandler {
  return (request, response, next) => {
    const parent = parseTraceparent(request.get("traceparent"));
    const span = startSpan?.(request.method, parent) ?? unrecorded(parent);
    if (span) {
      const { traceId, spanId, flags } = span;
      const parentId = parent && { parentId: parent.parentId };
      response.locals["trace"] = { traceId, ...parentId, spanId };
      response.set("traceresponse", `00-${traceId}-${spanId}-${flags}`);
      response.once("close", () => {
        const { writableFinished, statusCode } = response;
        const status = writableFinished ? statusCode : 499;
        span.end({ status, route: routeOf(request), ...labelsOf(response) });
      });
    }
    next();
  };
}

/** What is done for a trace that is kept elsewhere. */
function unrecorded(parent: TraceContext | undefined): OpenSpan | undefined {
  if (!parent) return undefined;
  const { traceId, flags } = parent;
  return { traceId, flags, spanId: randomBytes(8).toString("hex"), end: () => undefined };
}

/** The pattern of the route that answers: few, however many paths clients ask for. */
function routeOf({ baseUrl, route }: Request): string | undefined {
  const path: unknown = route?.path;
  return path === undefined ? undefined : `${baseUrl}${String(path)}`;
}

/** What a line of the log names its request by. */
export function idsOf(response: Response): Readonly<Record<string, string>> {
  return { requestId: requestIdOf(response), ...response.locals["trace"] };
}
