import { randomUUID } from "node:crypto";
import type { NextFunction, Request, Response } from "express";

/** What an id of a client may look like: it goes into logs and into a header. */
const acceptable = /^[\w.:-]{1,128}$/;

/** Gives every request an id, the client's own if it is short and harmless, and says it with the answer. */
export function requestIds(request: Request, response: Response, next: NextFunction): void {
  const given = request.get("x-request-id") ?? "";
  const id = acceptable.test(given) ? given : randomUUID();
  response.locals["requestId"] = id;
  response.set("x-request-id", id);
  next();
}

/** The id of the request that is answered. */
export function requestIdOf(response: Response): string {
  return String(response.locals["requestId"] ?? "");
}
