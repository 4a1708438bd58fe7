import { annotation, type KubeObject } from "./kube-object.ts";
import { kindOfObject } from "./kind.ts";

/** Annotations with which programs direct the plugin. */
export const annotations = {
  autonamed: "pulumi.com/autonamed",
  deletionPropagationPolicy: "pulumi.com/deletionPropagationPolicy",
  patchFieldManager: "pulumi.com/patchFieldManager",
  patchForce: "pulumi.com/patchForce",
  replaceUnready: "pulumi.com/replaceUnready",
  skipAwait: "pulumi.com/skipAwait",
  timeoutSeconds: "pulumi.com/timeoutSeconds",
  waitFor: "pulumi.com/waitFor",
} as const;

/** Whether an annotation is "true". */
export function isAnnotated(object: KubeObject, key: keyof typeof annotations): boolean {
  return annotation(object, annotations[key]) === "true";
}

/** How long an operation may take where nothing else is said. */
const defaultTimeoutSeconds = 600;

/** `customTimeouts` win over the annotation, which wins over ten minutes. */
export function timeoutSeconds(customSeconds: number, inputs: KubeObject): number {
  if (customSeconds !== 0) return customSeconds;
  const annotated = annotation(inputs, annotations.timeoutSeconds);
  return /^-?\d+$/.test(annotated) ? Number(annotated) : defaultTimeoutSeconds;
}

/** What happens to an object's dependents when it is deleted. */
export function propagationPolicy(inputs: KubeObject): "Orphan" | "Background" | "Foreground" {
  switch (annotation(inputs, annotations.deletionPropagationPolicy).toLowerCase()) {
    case "orphan":
      return "Orphan";
    case "background":
      return "Background";
    default:
      return "Foreground";
  }
}

const skipsAwaitOfDeletion = new Set([
  "/v1/Namespace",
  "/v1/Pod",
  "/v1/ReplicationController",
  "apps/v1/DaemonSet",
  "apps/v1/Deployment",
  "apps/v1/StatefulSet",
  "batch/v1/Job",
]);

/** Whether a deletion is not waited for: `skipAwait` means deletions too, but of some kinds only. */
export function skipsDeletionAwait(inputs: KubeObject): boolean {
  const { group, version, kind } = kindOfObject(inputs);
  return (
    isAnnotated(inputs, "skipAwait") && skipsAwaitOfDeletion.has(`${group}/${version}/${kind}`)
  );
}
