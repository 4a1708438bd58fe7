import { HttpError } from "@updraft/contracts/http-error";
import type { RequestHandler } from "express";
import { openPaths } from "./auth/access.ts";

/** Headers of every answer: it is what it says it is, and no other page may show or use it. */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  });
  next();
};

/**
 * Refuses requests for another name than the tracker's own: a page whose name was made to lead
 * here (DNS rebinding) would be let in as if it were the tracker's own page.
 * @param allowed names as in `localhost` or `localhost:5000`, `*` for any part
 * @see https://mlflow.org/docs/latest/self-hosting/security/network/
 */
export function refuseOtherHosts(allowed: readonly string[]): RequestHandler {
  const patterns = allowed.map(patternOf);
  return (request, _response, next) => {
    const host = request.headers.host ?? "";
    const name = host.replace(/:\d+$/, "");
    const isAllowed = patterns.some((pattern) => pattern.test(host) || pattern.test(name));
    if (isAllowed || host === "" || openPaths.has(request.path)) return next();
    throw new HttpError(
      403,
      "PERMISSION_DENIED",
      `Requests for ${JSON.stringify(host.slice(0, 255))} are refused; MLFLOW_SERVER_ALLOWED_HOSTS says for which names they are not`,
    );
  };
}

function patternOf(name: string): RegExp {
  const escaped = name.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll(/\*+/g, ".*")}$`, "i");
}

const readingMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses what another site's page would change: a browser sends such a request on its own, from
 * inside the network that the tracker is in, whatever the page wants.
 */
export const refuseOtherSites: RequestHandler = (request, _response, next) => {
  const { origin, host, "sec-fetch-site": site } = request.headers;
  // Where the browser says it, it knows best: a proxy may have replaced the host.
  const fromElsewhere =
    site === undefined
      ? origin !== undefined && hostOf(origin) !== host
      : site !== "same-origin" && site !== "none";
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

/**
 * Ends a request whose body does not come to its end in time: bodies of operations are kept in
 * memory until they do, and many slow ones would fill it.
 */
export function bodyWithin(seconds: number): RequestHandler {
  return (request, response, next) => {
    const giveUp = () => {
      if (request.complete || response.headersSent) return;
      response.once("finish", () => request.destroy());
      response
        .set("Connection", "close")
        .status(408)
        .json({
          error_code: "BAD_REQUEST",
          message: `The body of the request did not come within ${seconds} s`,
        });
    };
    const timer = setTimeout(giveUp, seconds * 1000);
    for (const event of ["end", "close"]) request.once(event, () => clearTimeout(timer));
    next();
  };
}
