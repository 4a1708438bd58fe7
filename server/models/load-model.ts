import { isStoreAway } from "@updraft/contracts/artifact-store";
import { messageOf } from "@updraft/contracts/message-of";
import { onceThere } from "@updraft/contracts/once-there";
import type { Logger } from "pino";
import type { ServerMetrics } from "../watching/metrics.ts";
import type { Engine } from "../engines/engine.ts";
import { createWasmEngine } from "../engines/wasm-engine.ts";
import {
  loadServedModel,
  type ModelLimits,
  type PinnedModel,
  type ServedModel,
} from "./served-model.ts";

/** How a model is loaded. */
export interface LoadOptions {
  /** How long a store that cannot be reached is waited for. */
  readonly waitSeconds: number;
  readonly logger: Logger;
  readonly metrics: ServerMetrics;
  /** Stops waiting for a store that is away. */
  readonly signal?: AbortSignal;
  /** What runs it. @default tfjs with its WebAssembly kernels */
  readonly engine?: Engine;
  readonly limits?: ModelLimits;
  /** Whether it only shows what it would answer. @default false */
  readonly isCandidate?: boolean;
}

/**
 * Loads the pinned model, from a store that may be starting itself. What is loaded is all in
 * memory: the store may go away afterwards.
 * @throws what `loadServedModel` throws, and that the store was away too long
 */
export async function loadModel(
  pinned: PinnedModel,
  { waitSeconds, logger, metrics, signal, limits, ...options }: LoadOptions,
): Promise<ServedModel> {
  const started = performance.now();
  const engine = options.engine ?? (await createWasmEngine());
  const model = await onceThere(() => loadServedModel(pinned, engine, metrics, limits), {
    seconds: waitSeconds,
    ...(signal && { signal }),
    isAway: isStoreAway,
    onAway: (error, secondsLeft) =>
      logger.warn({ secondsLeft }, `waiting for the model's store: ${messageOf(error)}`),
  });
  const loadMilliseconds = Math.round(performance.now() - started);
  const { name, version, digest } = pinned;
  if (!options.isCandidate) {
    metrics.serves({ model: name, version }, digest, loadMilliseconds / 1000);
  }
  const message = options.isCandidate ? "the candidate is ready" : "ready";
  logger.info({ model: name, version, digest, loadMilliseconds }, message);
  return model;
}
