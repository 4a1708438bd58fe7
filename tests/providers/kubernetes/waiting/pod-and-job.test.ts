import { describe, expect, it } from "vitest";
import type { KubeObject } from "../objects/kube-object.ts";
import { isJobComplete, jobReadiness } from "./job.ts";
import { podReadiness, podState } from "./pod.ts";

const judge = (job: KubeObject, pods: KubeObject[] = []) =>
  jobReadiness.judge({
    object: job,
    previous: undefined,
    related: (kind) => (kind === "Pod" ? pods : []),
    settled: false,
  });

const pod = (conditions: object[], containerStatuses: object[] = [], phase = "Running") => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "t-1",
    namespace: "ns",
    ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "t" }],
  },
  status: { phase, conditions, containerStatuses },
});
const scheduled = { type: "PodScheduled", status: "True" };
const initialised = { type: "Initialized", status: "True" };
const notReady = {
  type: "Ready",
  status: "False",
  reason: "ContainersNotReady",
  message: "containers with unready status: [c]",
};
const failed = { type: "Ready", status: "False", reason: "PodFailed" };

const failure = (reason: string) => ({ type: "Failed", status: "True", reason, message: "over" });

const silent = { type: "Ready", status: "False" };

const ended = (rest: object) => ({
  name: "c",
  ready: false,
  state: { terminated: { reason: "Error", exitCode: 4, ...rest } },
});

const warnings = (rest: object) =>
  podState(pod([scheduled, initialised, failed], [ended(rest)], "Failed")).warnings;

describe("a pod", () => {
  it("is ready once it is scheduled, initialised and ready", () => {
    const ready = pod([scheduled, initialised, { type: "Ready", status: "True" }]);
    expect(podState(ready)).toEqual({
      ready: true,
      warnings: [],
      descriptions: [
        'Waiting for Pod "ns/t-1" to be scheduled',
        'Waiting for Pod "ns/t-1" to be initialized',
        'Waiting for Pod "ns/t-1" to be ready',
      ],
    });
    const verdict = podReadiness.judge({
      object: ready,
      previous: undefined,
      related: () => [],
      settled: false,
    });
    expect(verdict.ready).toBe(true);
  });

  it("is ready once it has succeeded", () => {
    expect(podState(pod([scheduled, initialised, failed], [], "Succeeded")).ready).toBe(true);
  });

  it("waits without a word while nobody has a place for it", () => {
    const pending = pod([
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/2 nodes" },
    ]);
    expect(podState(pending)).toMatchObject({ ready: false, warnings: [] });
  });

  it("says which images cannot be pulled", () => {
    const waiting = {
      name: "c",
      ready: false,
      state: {
        waiting: {
          reason: "ErrImagePull",
          message:
            "rpc error: code = Unknown desc = Error response from daemon: no such image: manifest unknown",
        },
      },
    };
    expect(podState(pod([scheduled, initialised, notReady], [waiting])).warnings).toEqual([
      "[Pod ns/t-1]: containers with unready status: [c][ErrImagePull] no such image",
    ]);
  });

  it("says nothing of containers that are being created", () => {
    const creating = {
      name: "c",
      ready: false,
      state: { waiting: { reason: "ContainerCreating" } },
    };
    expect(podState(pod([scheduled, initialised, silent], [creating])).warnings).toEqual([]);
  });

  it("says how a container ended: its message, or its exit code", () => {
    expect(warnings({})).toEqual(['[Pod ns/t-1]: container "c" completed with exit code 4']);
    expect(warnings({ message: "gate failed: accuracy 0.9 < 0.97" })).toEqual([
      "[Pod ns/t-1]: [Error] gate failed: accuracy 0.9 < 0.97",
    ]);
  });

  it("says how a container that crashes over and over ended the last time", () => {
    const crashing = {
      name: "c",
      ready: false,
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } },
      lastState: {
        terminated: {
          reason: "Error",
          exitCode: 1,
          finishedAt: "2026-01-01T00:00:00Z",
          message: "no model",
        },
      },
    };
    expect(podState(pod([scheduled, initialised, notReady], [crashing])).warnings).toEqual([
      "[Pod ns/t-1]: containers with unready status: [c][CrashLoopBackOff] back-off 10s\n" +
        'container "c" terminated at 2026-01-01T00:00:00Z (Error: exit code 1)\nno model',
    ]);
  });
});

const jobWith = (status: object = {}) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "t", namespace: "ns" },
  status,
});

describe("a Job", () => {
  const startTime = "2026-01-01T00:00:00Z";
  const complete = { type: "Complete", status: "True" };

  it("is waited for from its start to its end", () => {
    expect(judge(jobWith())).toEqual({
      ready: false,
      failed: false,
      errors: [],
      status: [{ severity: "info", message: 'Waiting for Job "ns/t" to start' }],
    });
    expect(judge(jobWith({ startTime, active: 1 })).status.at(-1)?.message).toBe(
      'Waiting for Job "ns/t" to succeed (Active: 1 | Succeeded: 0 | Failed: 0)',
    );
    const done = jobWith({ startTime, succeeded: 1, conditions: [complete] });
    expect(judge(done).ready).toBe(true);
    expect(isJobComplete(done)).toBe(true);
  });

  it.each(["BackoffLimitExceeded", "DeadlineExceeded"])("fails at once by %s", (reason) => {
    const verdict = judge(jobWith({ startTime, failed: 1, conditions: [failure(reason)] }), [
      pod([scheduled, initialised, failed], [ended({ message: "gate failed" })], "Failed"),
      { ...pod([], []), metadata: { name: "other", namespace: "ns", ownerReferences: [] } },
    ]);
    expect(verdict).toMatchObject({
      ready: false,
      failed: true,
      errors: ["[Pod ns/t-1]: [Error] gate failed", `[${reason}] over`],
    });
  });

  it.each(["PodFailurePolicy", "FailedIndexes", "MaxFailedIndexesExceeded"])(
    "goes on waiting by %s, as with the official plugin",
    (reason) => {
      const verdict = judge(jobWith({ startTime, conditions: [failure(reason)] }));
      expect(verdict).toMatchObject({ ready: false, failed: false, errors: [] });
    },
  );

  it("does not show that its containers are not ready, which is part of every run", () => {
    const running = pod([scheduled, initialised, notReady], []);
    const verdict = judge(jobWith({ startTime, active: 1 }), [running]);
    expect(verdict.errors).toEqual(["[Pod ns/t-1]: containers with unready status: [c]"]);
    expect(verdict.status.every(({ severity }) => severity === "info")).toBe(true);
  });
});
