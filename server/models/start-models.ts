import { messageOf } from "@updraft/contracts/message-of";
import type { Logger } from "pino";
import { createEngine } from "../engines/create-engine.ts";
import type { Settings } from "../settings.ts";
import {
  type CandidateCounts,
  type CandidateLabels,
  createCandidateMetrics,
} from "../watching/candidate-metrics.ts";
import type { ServerMetrics } from "../watching/metrics.ts";
import { Candidate, checkFits } from "./candidate.ts";
import { Follower, type FollowerOptions } from "./follower.ts";
import { type LoadOptions, loadModel } from "./load-model.ts";
import type { ModelRepository, ModelSlot } from "./model-repository.ts";
import { type CandidateSource, type FollowedSource, isFollowed } from "./model-sources.ts";
import type { ModelLimits, ServedModel } from "./served-model.ts";

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
  const engine = await createEngine(settings.SERVER_ENGINE, (problem) => {
    logger.error(`batches are run between requests from now on, which is slower: ${problem}`);
  });
  const countsOf = createCandidateMetrics(metrics.registers);
  const options = { logger, metrics, engine, limits: limitsOf(settings) };
  const pinned = settings.models.map(async (source) => {
    const slot = models.slot(source.name);
    if (isFollowed(source)) {
      follow(slot, source, settings, { ...options, waitSeconds: 0 }, signal);
      return;
    }
    const waitSeconds = settings.STARTUP_WAIT_SECONDS;
    slot.active = await loadModel(source, { ...options, waitSeconds, signal });
    if (!source.candidate) return;
    const shown = { ...options, waitSeconds, signal, countsOf };
    slot.candidate = await candidateOf(slot.active, source.candidate, shown);
  });
  await Promise.all(pinned);
}

/** The candidate that a model has; nothing, and why in the log, if it cannot be one. */
async function candidateOf(
  active: ServedModel,
  { mode, share = mode === "shadow" ? 1 : 0.1, ...pin }: CandidateSource,
  options: LoadOptions & { countsOf(labels: CandidateLabels): CandidateCounts },
): Promise<Candidate | undefined> {
  const { logger, metrics, limits, countsOf } = options;
  const { name: model, version } = active;
  // What waits in the shadow takes the engine from those who wait for an answer: a batch is enough.
  const own = mode === "shadow" ? { ...limits, maxQueueSize: limits?.maxBatchSize ?? 64 } : limits;
  try {
    const candidate = await loadModel(
      { name: model, ...pin },
      { ...options, limits: own, isCandidate: true },
    );
    await checked(candidate, active);
    const counts = countsOf({ model, version, candidate: candidate.version });
    return new Candidate(candidate, { mode, share, counts, logger });
  } catch (error) {
    options.signal?.throwIfAborted();
    metrics.refuses(model);
    const problem = `the candidate ${pin.version} of "${model}" was refused: ${messageOf(error)}`;
    logger.error({ digest: pin.digest }, problem);
    return undefined;
  }
}

/** @throws if it does not fit, and frees it then */
async function checked(candidate: ServedModel, active: ServedModel): Promise<void> {
  try {
    checkFits(candidate, active);
  } catch (error) {
    await candidate.dispose();
    throw error;
  }
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
