import { join } from "node:path";
import type { V1PersistentVolume, V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { provisioner, storageClassName } from "../addons/storage.ts";

const provisionedBy = "pv.kubernetes.io/provisioned-by";

/** Claims that wait for a volume of our class. */
export function waitingClaims(
  claims: readonly V1PersistentVolumeClaim[],
): V1PersistentVolumeClaim[] {
  return claims.filter(
    ({ metadata, spec, status }) =>
      spec?.storageClassName === storageClassName &&
      spec.volumeName === undefined &&
      status?.phase === "Pending" &&
      metadata?.deletionTimestamp === undefined,
  );
}

/**
 * The volume of a claim: a folder of this machine.
 * @param folder that has the folders of all volumes
 */
export function volumeOf(
  { metadata, spec }: V1PersistentVolumeClaim,
  folder: string,
): V1PersistentVolume {
  const { namespace, name, uid } = metadata ?? {};
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    // With the annotation Kubernetes leaves it to us to remove the volume.
    metadata: { name: `pvc-${uid}`, annotations: { [provisionedBy]: provisioner } },
    spec: {
      capacity: { storage: spec?.resources?.requests?.["storage"] ?? "1Gi" },
      accessModes: spec?.accessModes,
      storageClassName,
      persistentVolumeReclaimPolicy: "Delete",
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid },
      hostPath: { path: join(folder, `${namespace}-${name}-${uid}`), type: "Directory" },
    },
  };
}

/** Volumes of ours that no claim has any more, and that nobody wants to keep. */
export function abandonedVolumes(volumes: readonly V1PersistentVolume[]): V1PersistentVolume[] {
  return volumes.filter(
    ({ metadata, spec, status }) =>
      metadata?.annotations?.[provisionedBy] === provisioner &&
      spec?.persistentVolumeReclaimPolicy === "Delete" &&
      status?.phase === "Released" &&
      metadata.deletionTimestamp === undefined,
  );
}
