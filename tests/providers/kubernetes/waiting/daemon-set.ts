import { isOwnedBy, type KubeObject, numberAt } from "../objects/kube-object.ts";
import { podWarnings } from "./pod.ts";
import { info, type Observation, type Readiness, type Verdict, warning } from "./verdict.ts";

/**
 * Every node that should has an up-to-date, ready pod.
 * @see https://pkg.go.dev/sigs.k8s.io/cli-utils/pkg/kstatus/status
 */
export const daemonSetReadiness: Readiness = {
  related: [{ group: "", version: "v1", kind: "Pod" }],
  judge: ({ object, related }: Observation): Verdict => {
    const shortfall = shortfallOf(object);
    const warnings = podWarnings(related("Pod").filter((pod) => isOwnedBy(pod, object)));
    const desired = numberAt(object, "status", "desiredNumberScheduled") ?? 0;
    return {
      ready: shortfall === undefined,
      errors: [...(shortfall === undefined ? [] : [shortfall]), ...warnings],
      status: [
        info(shortfall ?? `✅ All replicas scheduled as expected. Replicas: ${desired}`),
        ...warnings.map(warning),
      ],
    };
  },
};

function shortfallOf(set: KubeObject): string | undefined {
  const count = (key: string) => numberAt(set, "status", key);
  const generation = numberAt(set, "metadata", "generation");
  if (count("observedGeneration") !== generation) {
    return `DaemonSet generation is ${generation}, but latest observed generation is ${count("observedGeneration") ?? 0}`;
  }
  const desired = count("desiredNumberScheduled");
  if (desired === undefined) return "Missing .status.desiredNumberScheduled";
  const counts = [
    ["Current", count("currentNumberScheduled") ?? 0],
    ["Updated", count("updatedNumberScheduled") ?? 0],
    ["Available", count("numberAvailable") ?? 0],
    ["Ready", count("numberReady") ?? 0],
  ] as const;
  const lacking = counts.find(([, value]) => value < desired);
  return lacking && `${lacking[0]}: ${lacking[1]}/${desired}`;
}
