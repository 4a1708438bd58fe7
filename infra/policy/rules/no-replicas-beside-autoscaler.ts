import { isManifest, kindOf, whereOf } from "../manifest.ts";
import type { Resource, Rule } from "../rule.ts";
import { at, lacks, textAt, unknownYet } from "../values.ts";

/** Who owns the number of pods is an autoscaler, or the manifest, and never both. */
export const noReplicasBesideAutoscaler: Rule = {
  name: "no-replicas-beside-autoscaler",
  severity: "mandatory",
  what: "A workload with an autoscaler has no `replicas`.",
  why: "Each update would set the number of pods back to what the manifest says, just when the load is high.",
  looksAt: "stack",
  check(resources) {
    const scaled = resources.filter((resource) => kindOf(resource) === "HorizontalPodAutoscaler");
    return resources.filter(isManifest).flatMap((resource) => {
      const scaler = scaled.find((each) => isTarget(each, resource));
      if (scaler === undefined || lacks(resource.inputs, "spec", "replicas")) return [];
      const replicas = at(resource.inputs, "spec", "replicas");
      const count = replicas === unknownYet ? "set" : String(replicas);
      return [
        {
          resource,
          where: whereOf(resource),
          problem: `replicas is ${count}, and ${whereOf(scaler)} sets it too`,
          fix: "leave replicas out",
        },
      ];
    });
  },
};

function isTarget({ inputs: scaler }: Resource, workload: Resource): boolean {
  const target = at(scaler, "spec", "scaleTargetRef");
  const name = textAt(workload.inputs, "metadata", "name");
  return (
    name !== undefined &&
    textAt(target, "kind") === kindOf(workload) &&
    textAt(target, "name") === name &&
    at(scaler, "metadata", "namespace") === at(workload.inputs, "metadata", "namespace")
  );
}
