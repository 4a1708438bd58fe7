import type * as k8s from "@pulumi/kubernetes";
import type { Part } from "./labels.ts";
import { metadata, type Place } from "./metadata.ts";

/** How large a volume is, and of which class. */
export interface VolumeSettings {
  readonly storage: string;
  /** @default the cluster's own */
  readonly storageClass?: string | undefined;
}

/**
 * A volume's claim, which is an object of its own and not a StatefulSet's template: a larger one
 * leaves the pods as they are, and the stack decides whether it stays.
 */
export function volumeClaim(
  place: Place,
  part: Omit<Part, "stack">,
  { storage, storageClass }: VolumeSettings,
) {
  // A class may wait for the first pod with the volume, which waits for the claim in turn; that
  // the volume is there is what the pod's readiness says.
  const annotations = { "pulumi.com/skipAwait": "true" };
  return {
    metadata: metadata(place, part, { annotations }),
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage } },
    },
  } satisfies k8s.types.input.core.v1.PersistentVolumeClaim;
}
