import { randomBytes } from "node:crypto";
import type { NextFunction, Request, Response } from "express";
import { requestIdOf } from "../request-id.ts";

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

/**
 * Takes the trace that a client says its request belongs to: for the log, and said with the answer
 * as `traceresponse`, with an id for what was done here.
 * @see https://w3c.github.io/trace-context/#traceresponse-header
 */
export function traceContext(request: Request, response: Response, next: NextFunction): void {
  const trace = parseTraceparent(request.get("traceparent"));
  if (trace) {
    const spanId = randomBytes(8).toString("hex");
    response.locals["trace"] = { traceId: trace.traceId, parentId: trace.parentId, spanId };
    response.set("traceresponse", `00-${trace.traceId}-${spanId}-${trace.flags}`);
  }
  next();
}

/** What a line of the log names its request by. */
export function idsOf(response: Response): Readonly<Record<string, string>> {
  return { requestId: requestIdOf(response), ...response.locals["trace"] };
}
