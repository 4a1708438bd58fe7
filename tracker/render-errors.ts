import { HttpError } from "@updraft/contracts/http-error";
import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Logger } from "pino";
import { artifactHttpError } from "./artifact-error.ts";
import { databaseHttpError } from "./store/sql/database-error.ts";

/** What no route has answered. Clients look for this code to find out what a server can do. */
export const noSuchEndpoint: RequestHandler = (request) => {
  throw new HttpError(404, "ENDPOINT_NOT_FOUND", `No operation ${request.method} ${request.path}`);
};

/** Answers errors as MLflow does. What is not a client's fault is logged and not shown. */
export function renderErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const rendered = asHttpError(error);
    // Clients ask for what there is not to find out.
    if (rendered.status >= 500 && rendered.status !== 501) {
      log.error({ err: error, method: request.method, url: request.originalUrl }, "request failed");
    }
    // Half an answer is out already: cutting it off is the only way to say that it is not whole.
    if (response.headersSent) return next(error);
    response.removeHeader("Content-Length");
    response.status(rendered.status).json({ error_code: rendered.code, message: rendered.message });
  };
}

function asHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  const known = databaseHttpError(error) ?? artifactHttpError(error);
  if (known) return known;
  const { status, message, code } = error as { status?: number; message?: string; code?: string };
  if (status === 413) {
    return new HttpError(413, "INVALID_PARAMETER_VALUE", "The body of the request is too long");
  }
  // Errors of Express and of its body parser that are the client's.
  if (status !== undefined && status >= 400 && status < 500) {
    return new HttpError(status, "BAD_REQUEST", message ?? "Bad request");
  }
  if (code === "ECONNRESET" || code === "ECONNABORTED") {
    return new HttpError(400, "BAD_REQUEST", "The request broke off");
  }
  return new HttpError(500, "INTERNAL_ERROR", "The tracker failed; its log says why");
}
