import { createServer } from "node:http";
import { listen } from "@updraft/contracts/listen";
import { pino } from "pino";
import { createApp } from "./app.ts";
import type { ModelHolder } from "./model-holder.ts";
import { loadServedModel } from "./served-model.ts";
import { parseSettings, SettingsError, type Settings } from "./settings.ts";
import { createWasmEngine } from "./wasm-engine.ts";

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
  const holder: ModelHolder = { model: undefined };
  const server = createServer(createApp(holder, logger));
  const listener = await listen(server, {
    host: settings.HOST,
    port: settings.PORT,
    drainSeconds: settings.DRAIN_SECONDS,
  });
  const started = performance.now();
  holder.model = await loadServedModel(settings, await createWasmEngine());
  logger.info(
    {
      model: settings.MODEL_NAME,
      version: settings.MODEL_VERSION,
      digest: settings.MODEL_DIGEST,
      port: listener.port,
      loadMilliseconds: Math.round(performance.now() - started),
    },
    "ready",
  );
  await listener.closed;
}
