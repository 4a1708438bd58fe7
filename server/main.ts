import { listen } from "@updraft/contracts/listen";
import { pino } from "pino";
import { createApp } from "./app.ts";
import { createHttpServer } from "./http-server.ts";
import { createMetrics } from "./watching/metrics.ts";
import { startTracing } from "./watching/tracing.ts";
import { ModelRepository } from "./models/model-repository.ts";
import { startModels } from "./models/start-models.ts";
import { parseSettings, SettingsError, type Settings } from "./settings.ts";

try {
  await serve(parseSettings(process.env));
  process.exit(0);
} catch (error) {
  const errors = pino({ name: "server" }, pino.destination({ dest: 2, sync: true }));
  errors.fatal(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof SettingsError ? 2 : 1);
}

/** Listens at once, so that `/health` answers while the model is loaded; ends when drained. */
async function serve(settings: Settings): Promise<void> {
  const logger = pino({ name: "server", level: settings.LOG_LEVEL });
  const metrics = createMetrics();
  const models = new ModelRepository(settings.models.map(({ name }) => name));
  const stopping = new AbortController();
  const tracing = await startTracing(process.env, logger);
  const server = createHttpServer(
    createApp(models, logger, metrics, {
      corsOrigins: settings.CORS_ORIGINS,
      predictToken: settings.PREDICT_TOKEN,
      adminToken: settings.ADMIN_TOKEN,
      startSpan: tracing?.startSpan,
    }),
    {
      keepAliveSeconds: settings.KEEP_ALIVE_SECONDS,
      headSeconds: settings.HEAD_SECONDS,
      requestSeconds: settings.BODY_SECONDS,
    },
  );
  const listener = await listen(server, {
    host: settings.HOST,
    port: settings.PORT,
    drainSeconds: settings.DRAIN_SECONDS,
    lameDuckSeconds: settings.LAME_DUCK_SECONDS,
    onDrain() {
      models.isDraining = true;
      stopping.abort();
      logger.info("asked to stop; what is still sent here is answered");
    },
  });
  logger.info({ host: settings.HOST, port: listener.port }, "listening");
  const { signal } = stopping;
  try {
    await startModels(models, settings, { logger, metrics, signal });
  } catch (error) {
    // Whoever is asked to stop while the store is away has nothing left to load.
    if (!signal.aborted) throw error;
  }
  await listener.closed;
  await tracing?.end();
  logger.info("stopped");
}
