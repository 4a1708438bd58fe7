import type { V1StorageClass } from "@kubernetes/client-node";

/** Name of the class of volumes that claims get by default. */
export const storageClassName = "standard";

/** Who makes and removes the volumes of the class: the cluster's agent. */
export const provisioner = "updraft.dev/local";

/** Volumes are folders of this machine, which both nodes reach: there is no need to wait for a pod. */
export function storage(): V1StorageClass[] {
  return [
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: {
        name: storageClassName,
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
      },
      provisioner,
      volumeBindingMode: "Immediate",
      reclaimPolicy: "Delete",
    },
  ];
}
