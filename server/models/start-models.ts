import type { Logger } from "pino";
import { createWasmEngine } from "../engines/wasm-engine.ts";
import type { Settings } from "../settings.ts";
import type { ServerMetrics } from "../watching/metrics.ts";
import { Follower, type FollowerOptions } from "./follower.ts";
import { type LoadOptions, loadModel } from "./load-model.ts";
import type { ModelRepository, ModelSlot } from "./model-repository.ts";
import { type FollowedSource, isFollowed } from "./model-sources.ts";
import type { ModelLimits } from "./served-model.ts";

/** What belongs to the whole server. */
export interface ServerParts {
  readonly logger: Logger;
  readonly metrics: ServerMetrics;
  /** Ends waiting and following. */
  readonly signal: AbortSignal;
}

/**
 * Loads every model that is pinned, and starts to follow the others.
 * @returns once those that are pinned serve; the others serve as soon as the registry has a version
 * @throws what `loadModel` throws of one that is pinned
 */
export async function startModels(
  models: ModelRepository,
  settings: Settings,
  { logger, metrics, signal }: ServerParts,
): Promise<void> {
  const engine = await createWasmEngine();
  const options = { logger, metrics, engine, limits: limitsOf(settings) };
  const pinned = settings.models.map(async (source) => {
    const slot = models.slot(source.name);
    if (isFollowed(source)) {
      follow(slot, source, settings, { ...options, waitSeconds: 0 }, signal);
      return;
    }
    const waitSeconds = settings.STARTUP_WAIT_SECONDS;
    slot.active = await loadModel(source, { ...options, waitSeconds, signal });
  });
  await Promise.all(pinned);
}

function follow(
  slot: ModelSlot,
  source: FollowedSource,
  { registry, MODEL_POLL_SECONDS }: Settings,
  options: LoadOptions,
  signal: AbortSignal,
): void {
  if (!registry) throw new Error("unreachable: settings that follow a model have a registry");
  const { logger, metrics } = options;
  const load: FollowerOptions["load"] = (wanted) => loadModel(wanted, options);
  const follower = new Follower(slot, source, { registry, logger, metrics, load });
  slot.follower = follower;
  void follower.follow(MODEL_POLL_SECONDS, signal);
}

function limitsOf(settings: Settings): ModelLimits {
  return {
    maxBatchSize: settings.MAX_BATCH_SIZE,
    maxQueueSize: settings.MAX_QUEUE_SIZE,
    maxInstances: settings.MAX_INSTANCES,
    maxWaitSeconds: settings.REQUEST_TIMEOUT_SECONDS,
  };
}
