import { describe, expect, it } from "vitest";
import type { KubeObject } from "../objects/kube-object.ts";
import { daemonSetReadiness } from "./daemon-set.ts";
import { deploymentReadiness } from "./deployment.ts";
import { statefulSetReadiness } from "./stateful-set.ts";
import type { Readiness } from "./verdict.ts";

function judge(
  readiness: Readiness,
  object: KubeObject,
  related: Record<string, KubeObject[]> = {},
) {
  return readiness.judge({
    object,
    previous: undefined,
    related: (kind) => related[kind] ?? [],
    settled: false,
  });
}

const claim = (name: string, phase: string) => ({
  kind: "PersistentVolumeClaim",
  metadata: { name },
  status: { phase },
});

const replicaSet = (revision: string, readyReplicas: number | undefined, replicas = 2) => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: {
    name: `d-${revision}`,
    annotations: { "deployment.kubernetes.io/revision": revision },
    ownerReferences: [{ apiVersion: "apps/v1", kind: "Deployment", name: "d" }],
  },
  spec: { replicas },
  status: { readyReplicas },
});

describe("a Deployment", () => {
  const available = { type: "Available", status: "True" };
  const unavailable = {
    type: "Available",
    status: "False",
    reason: "MinimumReplicasUnavailable",
    message: "Deployment does not have minimum availability.",
  };
  const progressed = { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" };
  const progressing = { type: "Progressing", status: "True", reason: "ReplicaSetUpdated" };

  it("is ready once its new ReplicaSet is", () => {
    const related = { ReplicaSet: [replicaSet("1", 2), replicaSet("2", 2)] };
    const verdict = judge(deploymentReadiness, deployment([available, progressed]), related);
    expect(verdict).toEqual({
      ready: true,
      errors: [],
      status: [{ severity: "info", message: "✅ Deployment initialization complete" }],
    });
  });

  it("is not ready while old pods serve on", () => {
    const related = { ReplicaSet: [replicaSet("1", 2), replicaSet("2", 1)] };
    expect(judge(deploymentReadiness, deployment([available, progressing]), related)).toMatchObject(
      {
        ready: false,
        errors: ["Minimum number of Pods to consider the application live was not attained"],
        status: [
          {
            severity: "info",
            message: "Waiting for app ReplicaSet to be available (1/2 Pods available)",
          },
        ],
      },
    );
  });

  it("is not ready before the controller has seen it", () => {
    const related = { ReplicaSet: [replicaSet("2", 2)] };
    const unseen = deployment([available, progressed], "2", 3);
    expect(judge(deploymentReadiness, unseen, related).ready).toBe(false);
  });

  it("does not wait for a rollout with its first revision", () => {
    const related = { ReplicaSet: [replicaSet("1", 2)] };
    const first = deployment([available, progressing], "1");
    expect(judge(deploymentReadiness, first, related).ready).toBe(true);
  });

  it("is ready without a pod where it is to have none", () => {
    const related = { ReplicaSet: [replicaSet("2", undefined, 0)] };
    const verdict = judge(deploymentReadiness, deployment([available, progressed]), related);
    expect(verdict.ready).toBe(true);
    expect(verdict.status[0]).toEqual({
      severity: "warning",
      message: 'Replicas scaled to 0 for Deployment "d"',
    });
  });

  it("says what its controller and its new pods complain about", () => {
    const crashing = {
      kind: "Pod",
      metadata: {
        name: "d-2-x",
        namespace: "ns",
        ownerReferences: [{ kind: "ReplicaSet", name: "d-2" }],
      },
      status: {
        conditions: [
          { type: "PodScheduled", status: "True" },
          { type: "Initialized", status: "True" },
          { type: "Ready", status: "False" },
        ],
        containerStatuses: [
          {
            name: "c",
            ready: false,
            state: { waiting: { reason: "CrashLoopBackOff", message: "back-off" } },
          },
        ],
      },
    };
    const related = { ReplicaSet: [replicaSet("2", undefined)], Pod: [crashing] };
    expect(
      judge(deploymentReadiness, deployment([unavailable, progressing]), related).errors,
    ).toEqual([
      "[MinimumReplicasUnavailable] Deployment does not have minimum availability.",
      "Minimum number of live Pods was not attained",
      "[Pod ns/d-2-x]: [CrashLoopBackOff] back-off",
    ]);
  });

  it("waits for the claims that its pods name", () => {
    const related = {
      ReplicaSet: [replicaSet("2", 2)],
      PersistentVolumeClaim: [claim("data", "Pending"), claim("other", "Pending")],
    };
    expect(judge(deploymentReadiness, deployment([available, progressed]), related)).toMatchObject({
      ready: false,
      errors: ['Failed to bind PersistentVolumeClaim(s): "data"'],
    });
  });
});

const statefulSet = (status: object, generation = 1) => ({
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: "s", generation },
  spec: { replicas: 2, updateStrategy: { type: "RollingUpdate" } },
  status: { observedGeneration: generation, ...status },
});

describe("a StatefulSet", () => {
  const done = {
    replicas: 2,
    readyReplicas: 2,
    currentReplicas: 2,
    currentRevision: "r1",
    updateRevision: "r1",
  };

  it("is ready once all replicas are, of one revision", () => {
    expect(judge(statefulSetReadiness, statefulSet(done))).toEqual({
      ready: true,
      errors: [],
      status: [{ severity: "info", message: "✅ StatefulSet initialization complete" }],
    });
  });

  it("tells how many pods are ready", () => {
    const begun = {
      replicas: 2,
      readyReplicas: 1,
      currentReplicas: 2,
      currentRevision: "r1",
      updateRevision: "r1",
    };
    expect(judge(statefulSetReadiness, statefulSet(begun))).toMatchObject({
      ready: false,
      errors: ["1 out of 2 replicas succeeded readiness checks"],
      status: [{ message: "[1/2] Waiting for StatefulSet to create Pods (1/2 Pods ready)" }],
    });
  });

  it("counts only new pods during a rollout", () => {
    const rolling = { ...done, currentReplicas: 1, updatedReplicas: 1, updateRevision: "r2" };
    expect(judge(statefulSetReadiness, statefulSet(rolling, 2))).toMatchObject({
      ready: false,
      errors: [
        "1 out of 2 replicas succeeded readiness checks",
        'StatefulSet controller failed to advance from revision "r1" to revision "r2"',
      ],
      status: [{ message: "[1/3] Waiting for StatefulSet update to roll out (1/2 Pods ready)" }],
    });
  });

  it("is not ready before the controller has seen the update", () => {
    const stale = { ...statefulSet(done, 2), status: { ...done, observedGeneration: 1 } };
    expect(judge(statefulSetReadiness, stale).ready).toBe(false);
  });
});

const daemonSet = (status: object) => ({ kind: "DaemonSet", metadata: { generation: 1 }, status });

const deployment = (conditions: object[], revision = "2", generation = 2) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: "d",
    generation,
    annotations: { "deployment.kubernetes.io/revision": revision },
  },
  spec: {
    template: { spec: { volumes: [{ persistentVolumeClaim: { claimName: "data" } }] } },
  },
  status: { observedGeneration: 2, conditions },
});

describe("a DaemonSet", () => {
  it("is ready once every node has a ready pod of it", () => {
    const counts = {
      observedGeneration: 1,
      desiredNumberScheduled: 2,
      currentNumberScheduled: 2,
      updatedNumberScheduled: 2,
      numberAvailable: 2,
    };
    expect(judge(daemonSetReadiness, daemonSet({ ...counts, numberReady: 2 })).ready).toBe(true);
    expect(judge(daemonSetReadiness, daemonSet({ ...counts, numberReady: 1 }))).toMatchObject({
      ready: false,
      errors: ["Ready: 1/2"],
    });
  });
});
