import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import compression from "compression";
import type { ClientTransfers } from "@updraft/contracts/client-transfers";
import express, { type Express } from "express";
import type { Logger } from "pino";
import { authenticate, type Authentication } from "./auth/authenticate.ts";
import { pageRouter } from "./page/page-router.ts";
import { noSuchEndpoint, renderErrors } from "./render-errors.ts";
import type { TrackerMetrics } from "./metrics.ts";
import { probeRouter } from "./routes/probes.ts";
import { aliasEndpoints } from "./routes/aliases.ts";
import { artifactTransferRouter } from "./routes/artifact-transfers.ts";
import { artifactRouter } from "./routes/artifacts.ts";
import { endpointRouter } from "./routes/endpoint.ts";
import { experimentEndpoints } from "./routes/experiments.ts";
import { runArtifactEndpoints } from "./routes/listed-artifacts.ts";
import { metricHistoryEndpoints } from "./routes/metric-histories.ts";
import { gcEndpoints } from "./routes/gc.ts";
import { loggedModelEndpoints } from "./routes/logged-models.ts";
import { modelVersionEndpoints } from "./routes/model-versions.ts";
import { pageDataEndpoints } from "./routes/page-data.ts";
import { promotionEndpoints } from "./routes/promotions.ts";
import { registeredModelEndpoints } from "./routes/registered-models.ts";
import { runDataEndpoints } from "./routes/run-data.ts";
import { runEndpoints } from "./routes/runs.ts";
import { serverInfoRouter } from "./routes/server-info.ts";
import { bodyWithin, refuseOtherHosts, refuseOtherSites, securityHeaders } from "./security.ts";
import type { TrackerStore } from "./store/tracker-store.ts";

/** Longest body of an operation: a dataset's profile may have 16 MB. */
const longestBody = "32mb";

/** What the app works with. */
export interface AppOptions {
  readonly store: TrackerStore;
  readonly artifacts: ArtifactStore;
  /** @default every artifact goes through the tracker */
  readonly transfers?: ClientTransfers | undefined;
  readonly log: Logger;
  /** @default everybody may do everything */
  readonly authentication?: Authentication;
  /** Names under which the tracker may be called. @default any */
  readonly allowedHosts?: readonly string[] | undefined;
  /** How long the body of an operation may take to come. @default 120 */
  readonly bodySeconds?: number;
  /** What a scraper is told. @default nothing is counted */
  readonly metrics?: TrackerMetrics | undefined;
  /** Whether the tracker was asked to stop: it answers, and wants nothing more. @default never */
  readonly isDraining?: () => boolean;
}

/** The tracker: MLflow's REST API and a page to look at. */
export function createApp(options: AppOptions): Express {
  const { store, artifacts, log } = options;
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use(securityHeaders, logRequests(log));
  if (options.metrics) app.use(options.metrics.countRequests);
  if (options.allowedHosts) app.use(refuseOtherHosts(options.allowedHosts));
  app.use(authenticate(options.authentication ?? { anonymous: "write" }, log), refuseOtherSites);
  app.use(serverInfoRouter(options.transfers !== undefined));
  app.use(probeRouter(options));
  for (const base of ["/api/2.0", "/ajax-api/2.0"]) {
    app.use(`${base}/mlflow-artifacts/artifacts`, artifactRouter(artifacts));
    app.use(`${base}/mlflow-artifacts`, artifactTransferRouter(options.transfers));
  }
  const readBody = [
    bodyWithin(options.bodySeconds ?? 120),
    express.raw({ type: () => true, limit: longestBody }),
  ];
  const mlflow = endpointRouter([
    ...experimentEndpoints(store.experiments),
    ...runEndpoints(store.runs),
    ...runDataEndpoints(store.runs),
    ...metricHistoryEndpoints(store.runs),
    ...runArtifactEndpoints(store.runs, artifacts),
    ...loggedModelEndpoints(store.loggedModels, artifacts),
    ...registeredModelEndpoints(store.registeredModels),
    ...modelVersionEndpoints(store.modelVersions),
    ...aliasEndpoints(store.aliases),
  ]);
  const updraft = endpointRouter([
    ...promotionEndpoints(store.promotions),
    ...pageDataEndpoints(store.runs),
    ...gcEndpoints(store.garbage, artifacts),
  ]);
  // Browsers may be far away, and the page asks for thousands of runs; clients are near.
  app.use(["/ajax-api/2.0/mlflow", "/ajax-api/2.0/updraft"], compression());
  for (const base of ["/api/2.0", "/ajax-api/2.0"]) {
    app.use(`${base}/mlflow`, readBody, mlflow);
    app.use(`${base}/updraft`, readBody, updraft);
  }
  app.use(pageRouter(store));
  app.use(noSuchEndpoint, renderErrors(log));
  return app;
}

function logRequests(log: Logger): express.RequestHandler {
  return (request, response, next) => {
    if (!log.isLevelEnabled("debug")) return next();
    const start = performance.now();
    response.once("finish", () =>
      log.debug({
        method: request.method,
        url: request.originalUrl,
        status: response.statusCode,
        durationMs: Math.round((performance.now() - start) * 10) / 10,
      }),
    );
    next();
  };
}
