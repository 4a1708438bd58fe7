import { isStoreAway } from "@updraft/contracts/artifact-store";
import { messageOf } from "@updraft/contracts/message-of";
import { onceThere } from "@updraft/contracts/once-there";
import type { Logger } from "pino";
import type { ServerMetrics } from "./metrics.ts";
import { loadServedModel, type ServedModel } from "./served-model.ts";
import type { Settings } from "./settings.ts";
import { createWasmEngine } from "./wasm-engine.ts";

/** How a model is loaded. */
export interface LoadOptions {
  readonly logger: Logger;
  readonly metrics: ServerMetrics;
  /** Stops waiting for a store that is away. */
  readonly signal: AbortSignal;
}

/**
 * Loads the pinned model, from a store that may be starting itself. What is loaded is all in
 * memory: the store may go away afterwards.
 * @throws what `loadServedModel` throws, and that the store was away too long
 */
export async function loadModel(
  settings: Settings,
  { logger, metrics, signal }: LoadOptions,
): Promise<ServedModel> {
  const started = performance.now();
  const engine = await createWasmEngine();
  const model = await onceThere(() => loadServedModel(settings, engine, metrics), {
    seconds: settings.STARTUP_WAIT_SECONDS,
    signal,
    isAway: isStoreAway,
    onAway: (error, secondsLeft) =>
      logger.warn({ secondsLeft }, `waiting for the model's store: ${messageOf(error)}`),
  });
  const loadMilliseconds = Math.round(performance.now() - started);
  metrics.serves(settings.MODEL_DIGEST, loadMilliseconds / 1000);
  const { MODEL_NAME, MODEL_VERSION, MODEL_DIGEST } = settings;
  logger.info(
    { model: MODEL_NAME, version: MODEL_VERSION, digest: MODEL_DIGEST, loadMilliseconds },
    "ready",
  );
  return model;
}
