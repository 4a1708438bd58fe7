import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import type { Logger } from "pino";
import { createLocalTracking } from "./local-tracking.ts";
import type { MlflowConnection } from "./mlflow-client.ts";
import { createMlflowRegistry } from "./mlflow-registry.ts";
import { startMlflowRun } from "./mlflow-run.ts";
import type { Tracking } from "./tracking.ts";

export interface TrackingOptions {
  /** Address of an MLflow server; without one, the store keeps what has to be kept. */
  readonly trackingUri: string | undefined;
  readonly store: ArtifactStore;
  /** Where MLflow's own variables for authentication are. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** How long a tracker may be away at the start, while working, and at a cancelled end. */
const patienceMs = { starting: 5000, working: 60_000, closing: 1000 };

/** The tracking that the settings ask for; nothing is called yet. */
export function openTracking(options: TrackingOptions): Tracking {
  const { trackingUri: uri, store, variables, signal, log } = options;
  if (uri === undefined) return createLocalTracking(store);
  const headers = authentication(variables);
  const working: MlflowConnection = { uri, headers, patienceMs: patienceMs.working, signal };
  const connections = {
    starting: { ...working, patienceMs: patienceMs.starting },
    working,
    closing: { uri, headers, patienceMs: patienceMs.closing },
  };
  return {
    startRun: (start) => startMlflowRun(connections, start, log),
    registry: createMlflowRegistry(working, store),
  };
}

/** The headers of `MLFLOW_TRACKING_TOKEN`, or of `MLFLOW_TRACKING_USERNAME` and `_PASSWORD`. */
function authentication(variables: TrackingOptions["variables"]): Record<string, string> {
  const token = variables["MLFLOW_TRACKING_TOKEN"];
  if (token) return { authorization: `Bearer ${token}` };
  const user = variables["MLFLOW_TRACKING_USERNAME"];
  if (!user) return {};
  const credentials = `${user}:${variables["MLFLOW_TRACKING_PASSWORD"] ?? ""}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` };
}
