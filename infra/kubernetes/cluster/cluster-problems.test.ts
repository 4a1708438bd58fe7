import { describe, expect, it } from "vitest";
import { KubernetesConfig } from "../../config/config.ts";
import { clusterProblems } from "./cluster-problems.ts";
import type { ClusterState } from "./cluster-state.ts";

const healthy: ClusterState = {
  address: "https://cluster:6443",
  version: "v1.36.3",
  namespace: "missing",
  otherStacks: [],
  missingRights: [],
  apis: ["apps/v1", "batch/v1"],
  storageClasses: [{ name: "standard", isDefault: true }],
  ingressClasses: [{ name: "nginx", isDefault: false }],
  priorityClasses: ["system-node-critical"],
  runtimeClasses: [],
  nodes: [
    { name: "gpu-1", labels: { pool: "gpu" }, taints: [] },
    { name: "node-1", labels: {}, taints: [] },
  ],
  apiServer: undefined,
  runs: [],
};

function problems(chapters: object, state: Partial<ClusterState> = {}): string[] {
  const config = KubernetesConfig.parse({ target: "kubernetes", ...chapters });
  return clusterProblems("dev", config, { ...healthy, ...state });
}

describe("what stands against a configuration in a cluster", () => {
  it("is nothing where all is there", () => {
    expect(problems({})).toEqual([]);
    expect(problems({}, { namespace: { stack: "dev", isTerminating: false } })).toEqual([]);
  });

  it("is nothing that this user may not see", () => {
    const unseen: Partial<ClusterState> = {
      namespace: "unknown",
      apis: undefined,
      storageClasses: undefined,
      ingressClasses: undefined,
      priorityClasses: undefined,
      runtimeClasses: undefined,
      nodes: undefined,
    };
    const chapters = {
      training: { queue: "gpu", priorityClass: "high" },
      inference: { ingress: { host: "a.example.com" } },
      gpu: { nodes: { names: ["gpu-9"] }, runtimeClass: { name: "nvidia" } },
    };
    expect(problems(chapters, unseen)).toEqual([]);
  });

  it("is one thing alone where nobody is let in", () => {
    expect(problems({ training: { queue: "gpu" } }, { version: undefined })).toEqual([
      "updraft:kubernetes.context: the cluster at https://cluster:6443 does not let this user in; log in again, or set the context of another user",
    ]);
  });

  it("is told at the key that says which cluster it is", () => {
    const kubernetes = { clusterStack: "organization/clusters/lab" };
    expect(problems({ kubernetes }, { version: undefined })).toEqual([
      "updraft:kubernetes.clusterStack: the cluster at https://cluster:6443 does not let this user in; log in again, or name a stack whose kubeconfig is another user's",
    ]);
  });

  it.each<[string, object, Partial<ClusterState>, string]>([
    [
      "an old version",
      {},
      { version: "v1.29.9" },
      "updraft:kubernetes.context: the cluster at https://cluster:6443 is Kubernetes v1.29.9; the platform needs 1.30 or newer",
    ],
    [
      "a namespace that is not there",
      { kubernetes: { namespace: "team", createNamespace: false } },
      {},
      "updraft:kubernetes.namespace: there is no namespace team, and createNamespace is false; create it, or remove createNamespace",
    ],
    [
      "a namespace of nobody",
      { kubernetes: { namespace: "team" } },
      { namespace: { stack: undefined, isTerminating: false } },
      "updraft:kubernetes.namespace: the namespace team is there and not this stack's; set updraft:kubernetes.createNamespace to false to move in, or set another one",
    ],
    [
      "a namespace of another stack",
      {},
      { namespace: { stack: "prod", isTerminating: false } },
      "updraft:kubernetes.namespace: the namespace updraft-dev belongs to the stack prod; set another one",
    ],
    [
      "a namespace that another stack has moved into",
      { kubernetes: { namespace: "team", createNamespace: false } },
      { namespace: { stack: undefined, isTerminating: false }, otherStacks: ["prod"] },
      "updraft:kubernetes.namespace: the namespace team holds objects of the stack prod; set another one",
    ],
    [
      "a namespace on its way out",
      {},
      { namespace: { stack: "dev", isTerminating: true } },
      "updraft:kubernetes.namespace: the namespace updraft-dev is being deleted; wait until it is gone, or set another one",
    ],
    [
      "rights in the namespace",
      {},
      {
        missingRights: [
          { verb: "create", group: "", resource: "secrets", scope: "namespace" },
          { verb: "create", group: "batch", resource: "jobs", scope: "namespace" },
        ],
      },
      "updraft:kubernetes.context: this user may not create secrets, create jobs.batch in the namespace updraft-dev; have the right given, or set the context of another user",
    ],
    [
      "rights in the cluster",
      {},
      { missingRights: [{ verb: "patch", group: "", resource: "nodes", scope: "cluster" }] },
      "updraft:kubernetes.context: this user may not patch nodes in the cluster; have the right given, or set the context of another user",
    ],
    [
      "KServe",
      { inference: { serving: "kserve" } },
      {},
      "updraft:inference.serving is kserve: the cluster has no KServe (serving.kserve.io/v1beta1); install it, or remove the key",
    ],
    [
      "the Gateway API",
      { inference: { gateway: { name: "web", host: "a.example.com" } } },
      {},
      "updraft:inference.gateway: the cluster has no Gateway API (gateway.networking.k8s.io/v1); install it, or remove the key",
    ],
    [
      "Kueue",
      { training: { queue: "gpu" } },
      {},
      "updraft:training.queue: the cluster has no Kueue (kueue.x-k8s.io); install it, or remove the key",
    ],
    [
      "the Prometheus Operator",
      { monitoring: { serviceMonitor: {} } },
      {},
      "updraft:monitoring.serviceMonitor: the cluster has no Prometheus Operator (monitoring.coreos.com/v1); install it, or remove the key",
    ],
    [
      "a StorageClass by name",
      { store: { storageClass: "fast" } },
      {},
      "updraft:store.storageClass: the cluster has no StorageClass fast; it has standard",
    ],
    [
      "a default IngressClass",
      { tracker: { ingress: { host: "a.example.com" } } },
      {},
      "updraft:tracker.ingress.className is not set, and the cluster has no default IngressClass; it has nginx: name one",
    ],
    [
      "a PriorityClass",
      { training: { priorityClass: "high" } },
      {},
      "updraft:training.priorityClass: the cluster has no PriorityClass high; it has system-node-critical",
    ],
    [
      "a RuntimeClass",
      { gpu: { runtimeClass: { name: "nvidia" } } },
      {},
      "updraft:gpu.runtimeClass.name: the cluster has no RuntimeClass nvidia; install it, or set its handler to have the stack make it",
    ],
    [
      "a node by name",
      { gpu: { nodes: { names: ["gpu-1", "gpu-2"] } } },
      {},
      "updraft:gpu.nodes.names: there is no node gpu-2; there is gpu-1, node-1",
    ],
    [
      "a node by its labels",
      { gpu: { nodes: { selector: { pool: "gpu", zone: "a" } } } },
      {},
      "updraft:gpu.nodes.selector: no node has pool=gpu and zone=a; label one, or name the nodes",
    ],
  ])("is %s", (_, chapters, state, problem) => {
    expect(problems(chapters, state)).toEqual([problem]);
  });

  it("asks for a default StorageClass once for each volume of the stack", () => {
    const storageClasses = [{ name: "slow", isDefault: false }];
    expect(problems({}, { storageClasses })).toEqual([
      "updraft:store.storageClass is not set, and the cluster has no default StorageClass; it has slow: name one",
      "updraft:tracker.database.storageClass is not set, and the cluster has no default StorageClass; it has slow: name one",
    ]);
    const without = { store: { s3: { uri: "s3://bucket" } }, databaseUri: "postgresql://a/b" };
    expect(problems(without, { storageClasses: [] })).toEqual([]);
  });
});
