import type { Request, RequestHandler } from "express";
import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";

/** What a scraper is told of a tracker: how much it does and how quickly, never for whom or what. */
export interface TrackerMetrics {
  readonly contentType: string;
  /** All of it in Prometheus' text format. */
  text(): Promise<string>;
  /** Counts requests by method, route and status, and the time they took. */
  readonly countRequests: RequestHandler;
}

/** An operation takes a millisecond; long artifacts take as long as the network does. */
const durationBuckets = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

/** Of a client that went away before its answer; nginx's own code for it. */
const clientClosedRequest = 499;

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** The tracker's metrics, in a registry of their own, with those of its process. */
export function createMetrics(): TrackerMetrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "http_requests_total",
    help: "Requests by method, route and status; 499 is a client that went away.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "From the head of a request to the end of its answer.",
    labelNames: ["method", "route"],
    buckets: durationBuckets,
    registers,
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    countRequests(request, response, next) {
      const started = performance.now();
      response.once("close", () => {
        const status = response.writableFinished ? response.statusCode : clientClosedRequest;
        const method = methods.has(request.method) ? request.method : "other";
        const route = routeOf(request);
        requests.inc({ method, route, status });
        duration.observe({ method, route }, (performance.now() - started) / 1000);
      });
      next();
    },
  };
}

const mounted = /^\/(?:ajax-)?api\/2\.0\/(?:mlflow-artifacts|mlflow|updraft)(?=\/)/;
const artifactRoutes =
  /^\/(?:ajax-)?api\/2\.0\/mlflow-artifacts\/(?:artifacts|mpu\/(?:create|complete|abort)|presigned)(?=\/|\?|$)/;

/**
 * The pattern of the route that a request came to, such as `/api/2.0/mlflow/runs/create` or
 * `/runs/:id`, which holds no name that somebody chose; `other` for what came to none.
 */
export function routeOf(request: Pick<Request, "originalUrl" | "route">): string {
  const artifacts = artifactRoutes.exec(request.originalUrl);
  if (artifacts) return artifacts[0];
  const path: unknown = (request.route as { path?: unknown } | undefined)?.path;
  if (typeof path !== "string") return "other";
  return `${mounted.exec(request.originalUrl)?.[0] ?? ""}${path}`;
}
