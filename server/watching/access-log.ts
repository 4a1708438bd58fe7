import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { labelsOf } from "./metrics.ts";
import { idsOf } from "./trace-context.ts";

/** How much of an address is kept: a client chose it. */
const longestPath = 200;

/**
 * Writes a line for each request once it is over, at the level `debug`: never anything of a body,
 * nor of what the address says behind its question mark.
 */
export function logAccess(logger: Logger): RequestHandler {
  return (request, response, next) => {
    if (!logger.isLevelEnabled("debug")) return next();
    const started = performance.now();
    const { method } = request;
    // Where a router is mounted, the path is cut short later.
    const path = request.path.slice(0, longestPath);
    response.once("close", () => {
      const { model, version } = labelsOf(response);
      logger.debug(
        {
          ...idsOf(response),
          method,
          path,
          status: response.writableFinished ? response.statusCode : 499,
          milliseconds: Number((performance.now() - started).toFixed(3)),
          ...(model === "" ? {} : { model, version }),
        },
        "answered",
      );
    });
    next();
  };
}
