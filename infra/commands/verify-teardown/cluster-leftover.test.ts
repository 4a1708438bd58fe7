import { describe, expect, it } from "vitest";
import { clusterLeftover, identityOf } from "./cluster-leftover.ts";
import type { ClusterObject } from "./cluster-objects.ts";

const kinds = {
  ConfigMap: { plural: "configmaps", namespaced: true },
  Service: { plural: "services", namespaced: true },
  Pod: { plural: "pods", namespaced: true },
  Endpoints: { plural: "endpoints", namespaced: true },
  ClusterRole: { plural: "clusterroles", namespaced: false },
  PersistentVolume: { plural: "persistentvolumes", namespaced: false },
} as const;

const found = (
  kind: keyof typeof kinds,
  metadata: Partial<ClusterObject["metadata"]>,
  spec?: ClusterObject["spec"],
) => ({
  kind: { kind, resource: kinds[kind].plural, base: "/api/v1", ...kinds[kind] },
  object: { metadata: { name: "one", uid: "1", ...metadata }, spec },
});

const leftover = (one: ReturnType<typeof found>, ...there: string[]) =>
  clusterLeftover(one, "gpu", new Set(there));

describe("clusterLeftover", () => {
  it("says how an object is removed that nothing takes along", () => {
    expect(leftover(found("ConfigMap", { namespace: "others" }))).toEqual({
      kind: "ConfigMap",
      name: "one",
      where: "in namespace others",
      remedy: "kubectl --context gpu --namespace others delete configmaps one",
      isGoing: false,
    });
    expect(leftover(found("ClusterRole", {}))).toMatchObject({
      where: "in no namespace",
      remedy: "kubectl --context gpu delete clusterroles one",
    });
  });

  it("leads to the namespace and the owner that an object goes with", () => {
    const namespace = identityOf("Namespace", undefined, "updraft-dev");
    expect(leftover(found("ConfigMap", { namespace: "updraft-dev" }), namespace)).toMatchObject({
      remedy: "goes with its namespace",
      isGoing: false,
    });
    const ownerReferences = [{ kind: "Job", name: "training" }];
    const pod = found("Pod", { namespace: "updraft-dev", ownerReferences });
    expect(leftover(pod, identityOf("Job", "updraft-dev", "training"))).toMatchObject({
      remedy: "goes with its Job training",
      isGoing: false,
    });
  });

  it("expects that to go which has lost its owner, its claim or its Service", () => {
    const ownerReferences = [{ kind: "Job", name: "training" }];
    const claimRef = { namespace: "updraft-dev", name: "store" };
    const orphans = [
      found("Pod", { namespace: "updraft-dev", ownerReferences }),
      found("Endpoints", { namespace: "updraft-dev", name: "store" }),
      found("PersistentVolume", {}, { claimRef, persistentVolumeReclaimPolicy: "Delete" }),
      found("ConfigMap", { namespace: "x", deletionTimestamp: "2026-01-01T00:00:00Z" }),
    ];
    expect(orphans.map((one) => leftover(one).isGoing)).toEqual([true, true, true, true]);
  });

  it("names a volume's claim, what keeps it, and a balancer that costs", () => {
    const claimRef = { namespace: "updraft-dev", name: "store" };
    const volume = found(
      "PersistentVolume",
      {},
      {
        claimRef,
        persistentVolumeReclaimPolicy: "Retain",
      },
    );
    expect(leftover(volume)).toMatchObject({
      where: "in no namespace, of the claim updraft-dev/store, kept by its reclaim policy Retain",
      remedy: "kubectl --context gpu delete persistentvolumes one",
      isGoing: false,
    });
    const balancer = found("Service", { namespace: "x" }, { type: "LoadBalancer" });
    expect(leftover(balancer).where).toBe(
      "in namespace x, of type LoadBalancer, which may cost by the hour",
    );
  });
});
