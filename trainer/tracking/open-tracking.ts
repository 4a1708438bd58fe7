import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { trackingServer } from "@updraft/contracts/tracking-server";
import type { Logger } from "pino";
import { createLocalTracking } from "./local-tracking.ts";
import type { MlflowConnection } from "./mlflow-client.ts";
import { experimentIdOf, experimentOfRun } from "./mlflow-experiment.ts";
import { createMlflowRegistry } from "./mlflow-registry.ts";
import { startMlflowRun } from "./mlflow-run.ts";
import { trialsOf } from "./sweep-runs.ts";
import type { Tracking } from "./tracking.ts";

export interface TrackingOptions {
  /** Address of an MLflow server; without one, the store keeps what has to be kept. */
  readonly trackingUri: string | undefined;
  readonly store: ArtifactStore;
  /** Where MLflow's own variables for authentication are. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** How long a tracker that is away is waited for, in seconds. @default 60 */
  readonly outagePatience?: number;
  /** How often a run says that it is alive, in milliseconds. @default 20000 */
  readonly heartbeatEveryMs?: number;
}

/** How long a tracker may be away at the start and at a cancelled end, in milliseconds. */
const patienceMs = { starting: 5000, closing: 1000 };

/** The tracking that the settings ask for; nothing is called yet. */
export function openTracking(options: TrackingOptions): Tracking {
  const { trackingUri, store, variables, signal, log, heartbeatEveryMs } = options;
  const workingMs = (options.outagePatience ?? 60) * 1000;
  if (trackingUri === undefined) return createLocalTracking(store);
  const server = trackingServer({ ...variables, MLFLOW_TRACKING_URI: trackingUri });
  const { url: uri, authorization } = server;
  const headers: Record<string, string> = {
    // A tracker keeps with every promotion which program made it.
    "user-agent": "updraft-trainer",
    ...(authorization ? { authorization } : {}),
  };
  const working: MlflowConnection = { uri, headers, patienceMs: workingMs, signal };
  const connections = {
    starting: { ...working, patienceMs: Math.min(patienceMs.starting, workingMs) },
    working,
    closing: { uri, headers, patienceMs: patienceMs.closing },
    heartbeatEveryMs,
  };
  return {
    startRun: (start) => startMlflowRun(connections, start, log),
    async trialsOf(experiment, id) {
      return trialsOf(working, { experimentId: await experimentIdOf(working, experiment), id });
    },
    experimentOf: (runId) => experimentOfRun(working, runId),
    registry: createMlflowRegistry(working, store),
  };
}
