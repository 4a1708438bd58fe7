import type { Resource } from "./rule.ts";
import { at, listAt, textAt } from "./values.ts";

/** Whether a resource is an object of a cluster, whose inputs are its manifest. */
export function isManifest({ type, inputs }: Resource): boolean {
  return type.startsWith("kubernetes:") && textAt(inputs, "kind") !== undefined;
}

/** The kind of an object, `Deployment`; nothing of what is none. */
export function kindOf(resource: Resource): string | undefined {
  return isManifest(resource) ? textAt(resource.inputs, "kind") : undefined;
}

/** Words by which a person finds a resource: `Deployment store`, or type and name in the program. */
export function whereOf(resource: Resource): string {
  if (!isManifest(resource)) return `${resource.type} ${resource.name}`;
  const name = textAt(resource.inputs, "metadata", "name") ?? resource.name;
  return `${kindOf(resource)} ${name}`;
}

/** Where the specification of a pod is in an object of each kind. */
const podPaths: Readonly<Record<string, readonly string[]>> = {
  Pod: ["spec"],
  Deployment: ["spec", "template", "spec"],
  StatefulSet: ["spec", "template", "spec"],
  DaemonSet: ["spec", "template", "spec"],
  ReplicaSet: ["spec", "template", "spec"],
  ReplicationController: ["spec", "template", "spec"],
  Job: ["spec", "template", "spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
  InferenceService: ["spec", "predictor"],
};

/** The specification of the pods that an object makes; nothing where it makes none. */
export function podOf(resource: Resource): unknown {
  const path = podPaths[kindOf(resource) ?? ""];
  return path === undefined ? undefined : at(resource.inputs, ...path);
}

/** A container of an object's pods. */
export interface Container {
  /** `Deployment store, container store`. */
  readonly where: string;
  readonly spec: unknown;
}

/** All containers of an object's pods, those that run before the others first. */
export function containersOf(resource: Resource): Container[] {
  const pod = podOf(resource);
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    listAt(pod, list).map((spec) => ({
      where: `${whereOf(resource)}, container ${textAt(spec, "name") ?? "without a name"}`,
      spec,
    })),
  );
}
