import type { RequestHandler } from "express";

const requestHeaders =
  "authorization, content-type, inference-header-content-length, traceparent, x-request-id";
const answerHeaders = "inference-header-content-length, retry-after, traceresponse, x-request-id";

/**
 * Lets pages of some origins ask this server; browsers keep all others from reading its answers.
 * @param origins such as `https://app.example.com`; without any, nothing is said
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function cors(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins);
  return (request, response, next) => {
    if (allowed.size === 0) return next();
    response.vary("origin");
    const origin = request.get("origin");
    if (origin === undefined || !allowed.has(origin)) return next();
    response.set({
      "access-control-allow-origin": origin,
      "access-control-expose-headers": answerHeaders,
    });
    if (request.method !== "OPTIONS") return next();
    response.set({
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": requestHeaders,
      "access-control-max-age": "600",
    });
    response.status(204).end();
  };
}
