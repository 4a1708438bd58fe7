import { describe, expect, it } from "vitest";
import { abandonedVolumes, volumeOf, waitingClaims } from "./volumes.ts";

const claim = {
  metadata: { name: "data", namespace: "a", uid: "1-2-3" },
  spec: {
    accessModes: ["ReadWriteOnce"],
    storageClassName: "standard",
    resources: { requests: { storage: "2Gi" } },
  },
  status: { phase: "Pending" },
};

const volume = {
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: {
    name: "pvc-1-2-3",
    annotations: { "pv.kubernetes.io/provisioned-by": "updraft.dev/local" },
  },
  spec: {
    capacity: { storage: "2Gi" },
    accessModes: ["ReadWriteOnce"],
    storageClassName: "standard",
    persistentVolumeReclaimPolicy: "Delete",
    claimRef: {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      namespace: "a",
      name: "data",
      uid: "1-2-3",
    },
    hostPath: { path: "/volumes/a-data-1-2-3", type: "Directory" },
  },
};

describe("volumes", () => {
  it("makes a folder for a claim", () => {
    expect(volumeOf(claim, "/volumes")).toEqual(volume);
  });

  it("serves claims of the class that have no volume yet", () => {
    const other = { ...claim, spec: { ...claim.spec, storageClassName: "manual" } };
    const chosen = { ...claim, spec: { ...claim.spec, volumeName: "mine" } };
    const bound = { ...claim, status: { phase: "Bound" } };
    expect(waitingClaims([claim, other, chosen, bound])).toEqual([claim]);
  });

  it("removes its own volumes that are released, unless they are to be kept", () => {
    const released = { ...volume, status: { phase: "Released" } };
    const bound = { ...volume, status: { phase: "Bound" } };
    const kept = {
      ...released,
      spec: { ...volume.spec, persistentVolumeReclaimPolicy: "Retain" },
    };
    const foreign = { ...released, metadata: { name: "by-hand" } };
    expect(abandonedVolumes([released, bound, kept, foreign])).toEqual([released]);
  });
});
