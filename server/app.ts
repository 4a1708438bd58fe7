import { HttpError } from "@updraft/contracts/http-error";
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import type { Logger } from "pino";
import { cors } from "./cors.ts";
import { documentationRoutes } from "./documentation/documentation-routes.ts";
import { logAccess } from "./watching/access-log.ts";
import { driftRoutes } from "./watching/drift-routes.ts";
import { feedbackRoute } from "./watching/feedback-route.ts";
import type { ServerMetrics } from "./watching/metrics.ts";
import { countRejections } from "./watching/rejections.ts";
import { idsOf, traceContext, type StartSpan } from "./watching/trace-context.ts";
import { createWatchingMetrics } from "./watching/watching-metrics.ts";
import { watchedBy, Watching } from "./watching/watching.ts";
import type { ModelRepository } from "./models/model-repository.ts";
import { modelInfo } from "./models/model-info.ts";
import { pageRoutes } from "./page-routes.ts";
import { predictRoute } from "./people/predict-route.ts";
import { requireToken } from "./predict-token.ts";
import { requestIds } from "./request-id.ts";
import { securityHeaders } from "./security-headers.ts";
import { v1Routes } from "./protocols/v1-routes.ts";
import { repositoryControl } from "./protocols/v2/repository-control.ts";
import { v2Routes } from "./protocols/v2/v2-routes.ts";

/** Largest body of a request, in bytes: about 1,000 digits as JSON. */
const maxBodyBytes = 16 * 1024 * 1024;

/** Who may ask. */
export interface AppOptions {
  /** Origins whose pages may ask, such as `https://app.example.com`. @default [] */
  readonly corsOrigins?: readonly string[];
  /** What a predict request must show; without one everybody may ask. */
  readonly predictToken?: string | undefined;
  /** What a request must show that changes what is served; without one nobody may. */
  readonly adminToken?: string | undefined;
  /** Records each request, where a collector is configured. */
  readonly startSpan?: StartSpan | undefined;
}

/** The server's routes; they answer 503 until their model is loaded. */
export function createApp(
  models: ModelRepository,
  logger: Logger,
  metrics: ServerMetrics,
  options: AppOptions = {},
): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use(securityHeaders, requestIds, traceContext(options.startSpan), logAccess(logger));
  app.use(cors(options.corsOrigins ?? []));
  app.get("/health", (_request, response) => void response.json({ status: "alive" }));
  app.get("/ready", (_request, response) => {
    models.requireReady();
    const { name, version } = models.requireFirst();
    response.json({ ready: true, name, version });
  });
  app.get("/metrics", async (_request, response) => {
    response.set("content-type", metrics.contentType).send(await metrics.text(models));
  });
  app.get("/model/info", (_request, response) => {
    response.json(modelInfo(models.requireFirst()));
  });
  app.get("/model/signature", (_request, response) => {
    response.json(models.requireFirst().content.signature);
  });
  // Whatever the content type says: TensorFlow Serving's own documentation sends none of JSON's.
  const readBody = express.raw({ type: () => true, limit: maxBodyBytes });
  const watching = new Watching();
  const watchingMetrics = createWatchingMetrics(metrics.registers, () =>
    watching.answering(models),
  );
  const mayAsk = [requireToken(options.predictToken), readBody];
  const asking = [metrics.countPredictions, ...mayAsk, watchedBy(watching)];
  app.post("/predict", ...asking, predictRoute(models));
  app.use("/v1", ...asking, v1Routes(models));
  app.use(repositoryControl(models, options.adminToken));
  app.use("/v2", ...asking, v2Routes(models));
  app.post("/feedback", ...mayAsk, feedbackRoute({ models, watching, metrics: watchingMetrics }));
  app.use(driftRoutes(models, watching));
  app.use(documentationRoutes(models, options.predictToken !== undefined));
  app.use(pageRoutes(models));
  app.use((request) => {
    throw new HttpError(404, "NOT_FOUND", `there is no ${request.method} ${request.path}`);
  });
  app.use(countRejections(metrics.registers), renderErrors(logger));
  return app;
}

function renderErrors(logger: Logger) {
  return (error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const { status, message } = described(error);
    if (status === 500) {
      logger.error({ err: error, ...idsOf(response), path: request.path }, "a request failed");
    }
    if (status === 503) response.set("retry-after", "1");
    // KServe's client shows the message only where no charset follows the type.
    response.status(status).setHeader("content-type", "application/json");
    response.end(JSON.stringify({ error: message }));
  };
}

/** Status and text for the client; of an error that is ours, no more than that it happened. */
function described(error: unknown): { status: number; message: string } {
  if (error instanceof HttpError) return { status: error.status, message: error.message };
  const type = error instanceof Error && "type" in error ? error.type : undefined;
  if (type === "entity.too.large") {
    return { status: 413, message: `the body is larger than ${maxBodyBytes} bytes` };
  }
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  if (error instanceof Error && status >= 400 && status < 500) {
    return { status, message: error.message };
  }
  return { status: 500, message: "the server failed to answer; its log says why" };
}
