import { isOwnedBy, numberAt, stringAt, type KubeObject } from "../objects/kube-object.ts";
import { podWarnings } from "./pod.ts";
import { info, type Observation, type Readiness, type Verdict, warning } from "./verdict.ts";

/** All replicas are ready, and of the newest revision. */
export const statefulSetReadiness: Readiness = {
  related: [{ group: "", version: "v1", kind: "Pod" }],
  judge: ({ object, related }: Observation): Verdict => {
    const state = stateOf(object);
    const ready = state.replicasReady && state.revisionReady && isObserved(object);
    const pods = related("Pod").filter((pod) => isOwnedBy(pod, object));
    const warnings = podWarnings(pods);
    return {
      ready,
      errors: [...shortfalls(state), ...warnings],
      status: [info(progress(state, ready)), ...warnings.map(warning)],
    };
  },
};

/** Whether the controller has seen the StatefulSet as it is now. */
function isObserved(set: KubeObject): boolean {
  return numberAt(set, "status", "observedGeneration") === numberAt(set, "metadata", "generation");
}

interface State {
  readonly generation: number;
  readonly replicasReady: boolean;
  readonly revisionReady: boolean;
  readonly currentRevision: string;
  readonly updateRevision: string;
  readonly ready: number;
  readonly wanted: number;
}

function stateOf(set: KubeObject): State {
  const count = (key: string) => numberAt(set, "status", key) ?? 0;
  const generation = numberAt(set, "metadata", "generation") ?? 0;
  const wanted = numberAt(set, "spec", "replicas") ?? 0;
  const currentRevision = stringAt(set, "status", "currentRevision");
  const updateRevision = stringAt(set, "status", "updateRevision");
  const onDelete = generation > 1 && stringAt(set, "spec", "updateStrategy", "type") === "OnDelete";
  const revisionReady = onDelete || (currentRevision !== "" && currentRevision === updateRevision);
  const present = wanted === count("replicas") && wanted === count("readyReplicas");
  // During a rollout ready ones may be of the old revision: these do not count.
  const ready = revisionReady
    ? count("readyReplicas")
    : Math.min(count("readyReplicas"), count("updatedReplicas"));
  return {
    generation,
    replicasReady: generation > 0 && present && (onDelete || wanted === count("currentReplicas")),
    revisionReady: generation > 0 && revisionReady,
    currentRevision,
    updateRevision,
    ready,
    wanted,
  };
}

function progress(state: State, ready: boolean): string {
  if (ready) return "✅ StatefulSet initialization complete";
  const pods = `(${state.ready}/${state.wanted} Pods ready)`;
  if (state.generation <= 1) return `[1/2] Waiting for StatefulSet to create Pods ${pods}`;
  if (!state.replicasReady) return `[1/3] Waiting for StatefulSet update to roll out ${pods}`;
  return "[2/3] Waiting for StatefulSet to update .status.currentRevision";
}

function shortfalls(state: State): string[] {
  const replicas = `${state.ready} out of ${state.wanted} replicas succeeded readiness checks`;
  const revision =
    `StatefulSet controller failed to advance from revision "${state.currentRevision}" to ` +
    `revision "${state.updateRevision}"`;
  return [...(state.replicasReady ? [] : [replicas]), ...(state.revisionReady ? [] : [revision])];
}
