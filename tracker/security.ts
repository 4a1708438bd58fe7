import { HttpError } from "@updraft/contracts/http-error";
import type { RequestHandler } from "express";

/** Headers of every answer: it is what it says it is, and no other page may show or use it. */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  });
  next();
};

const readingMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses what another site's page would change: a browser sends such a request on its own, from
 * inside the network that the tracker is in, whatever the page wants.
 */
export const refuseOtherSites: RequestHandler = (request, _response, next) => {
  const { origin, host } = request.headers;
  const fromElsewhere =
    request.headers["sec-fetch-site"] === "cross-site" ||
    (origin !== undefined && hostOf(origin) !== host);
  if (fromElsewhere && !readingMethods.has(request.method)) {
    throw new HttpError(
      403,
      "PERMISSION_DENIED",
      `Requests from pages of ${origin ?? "another site"} are refused`,
    );
  }
  next();
};

function hostOf(origin: string): string | undefined {
  return URL.parse(origin)?.host;
}
