import {
  annotation,
  isOwnedBy,
  type KubeObject,
  listAt,
  nameOf,
  numberAt,
  stringAt,
} from "../objects/kube-object.ts";
import { podWarnings } from "./pod.ts";
import { info, type Observation, type Readiness, type Verdict, warning } from "./verdict.ts";

const revisionAnnotation = "deployment.kubernetes.io/revision";

/** What a rollout has come to. */
interface Rollout {
  /** The revision of the ReplicaSet that is rolled out; "" where there is none yet. */
  readonly revision: string;
  readonly available: boolean;
  /** The new ReplicaSet is available, says the controller. */
  readonly progressed: boolean;
  /** As many pods of the new ReplicaSet are ready as it asks for. */
  readonly replicasReady: boolean;
  readonly replicaSet: KubeObject | undefined;
  readonly unboundClaims: readonly KubeObject[];
  /** What the controller reports against the rollout. */
  readonly complaints: readonly string[];
}

/** Rolled out: the new ReplicaSet's pods are ready, and the Deployment is available. */
export const deploymentReadiness: Readiness = {
  related: [
    { group: "apps", version: "v1", kind: "ReplicaSet" },
    { group: "", version: "v1", kind: "Pod" },
    { group: "", version: "v1", kind: "PersistentVolumeClaim" },
  ],
  judge: (observation: Observation): Verdict => {
    const rollout = rolloutOf(observation);
    const pods = observation.related("Pod").filter((pod) => isOwnedBy(pod, rollout.replicaSet));
    const warnings = podWarnings(pods);
    const ready =
      isObserved(observation.object) &&
      rollout.available &&
      rollout.replicasReady &&
      (rollout.revision === "1" || rollout.progressed) &&
      rollout.unboundClaims.length === 0;
    return {
      ready,
      errors: [...rollout.complaints, ...shortfalls(rollout), ...warnings],
      status: [
        ...rollout.complaints.map(warning),
        ...replicaStatus(rollout, nameOf(observation.object)),
        ...rollout.unboundClaims.map((claim) =>
          warning(
            `PersistentVolumeClaim: [${nameOf(claim)}] is not ready. status.phase currently at: ` +
              stringAt(claim, "status", "phase"),
          ),
        ),
        ...warnings.map(warning),
        ...(ready ? [info("✅ Deployment initialization complete")] : []),
      ],
    };
  },
};

function rolloutOf({ object, related }: Observation): Rollout {
  const revision = annotation(object, revisionAnnotation);
  const replicaSet = related("ReplicaSet").find(
    (set) => isOwnedBy(set, object) && annotation(set, revisionAnnotation) === revision,
  );
  const progressing = conditionOf(object, "Progressing");
  const available = conditionOf(object, "Available");
  const known = revision !== "";
  return {
    revision,
    available: known && stringAt(available, "status") === "True",
    progressed:
      known &&
      stringAt(progressing, "status") === "True" &&
      stringAt(progressing, "reason") === "NewReplicaSetAvailable",
    replicasReady: known && isReplicaSetReady(replicaSet),
    replicaSet: known ? replicaSet : undefined,
    unboundClaims: claimsOf(object, related("PersistentVolumeClaim")),
    complaints: known ? complaintsOf(progressing, available) : [],
  };
}

function complaintsOf(...conditions: readonly unknown[]): string[] {
  return conditions
    .filter((condition) => stringAt(condition, "status") !== "True")
    .filter((condition) => stringAt(condition, "reason") !== "")
    .map((condition) => `[${stringAt(condition, "reason")}] ${stringAt(condition, "message")}`);
}

function isReplicaSetReady(replicaSet: KubeObject | undefined): boolean {
  if (!replicaSet) return false;
  const ready = numberAt(replicaSet, "status", "readyReplicas");
  const wanted = wantedReplicas(replicaSet);
  return ready === undefined ? wanted === 0 : ready >= wanted;
}

function wantedReplicas(replicaSet: KubeObject): number {
  return numberAt(replicaSet, "spec", "replicas") ?? 1;
}

function replicaStatus({ replicaSet, replicasReady }: Rollout, name: string) {
  if (!replicaSet) return [];
  const wanted = wantedReplicas(replicaSet);
  const ready = numberAt(replicaSet, "status", "readyReplicas") ?? 0;
  if (!replicasReady) {
    return [info(`Waiting for app ReplicaSet to be available (${ready}/${wanted} Pods available)`)];
  }
  return wanted === 0 ? [warning(`Replicas scaled to 0 for Deployment "${name}"`)] : [];
}

/** What a rollout lacks, in the words of the official plugin. */
function shortfalls(rollout: Rollout): string[] {
  const claims = rollout.unboundClaims.map(nameOf).join(",");
  const unbound = claims === "" ? [] : [`Failed to bind PersistentVolumeClaim(s): "${claims}"`];
  const isFirst = rollout.revision === "1";
  if (!rollout.available) return [...unbound, "Minimum number of live Pods was not attained"];
  if (isFirst ? !rollout.replicasReady : !rollout.progressed) {
    return [...unbound, "Minimum number of Pods to consider the application live was not attained"];
  }
  if (rollout.replicasReady) return unbound;
  return [
    ...unbound,
    "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live",
  ];
}

/** The claims that the pods name as volumes and that are not bound. */
function claimsOf(deployment: KubeObject, claims: readonly KubeObject[]): KubeObject[] {
  const named = new Set(
    listAt(deployment, "spec", "template", "spec", "volumes").map((volume) =>
      stringAt(volume, "persistentVolumeClaim", "claimName"),
    ),
  );
  return claims
    .filter((claim) => named.has(nameOf(claim)))
    .filter((claim) => stringAt(claim, "status", "phase") !== "Bound");
}

function conditionOf(deployment: KubeObject, type: string): unknown {
  return listAt(deployment, "status", "conditions").find((one) => stringAt(one, "type") === type);
}

/** Whether the controller has seen the Deployment as it is now. */
function isObserved(deployment: KubeObject): boolean {
  return (
    numberAt(deployment, "status", "observedGeneration") ===
    numberAt(deployment, "metadata", "generation")
  );
}
