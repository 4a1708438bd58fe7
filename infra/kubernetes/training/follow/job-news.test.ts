import { describe, expect, it } from "vitest";
import {
  endNews,
  hasEnded,
  hasLog,
  JobSeen,
  PodSeen,
  trialsNews,
  waitingNews,
  withoutPods,
} from "./job-news.ts";

const pod = (status: object, spec: object = {}) =>
  PodSeen.parse({
    metadata: { name: "training-a-x", creationTimestamp: "2026-07-14T09:35:12Z" },
    spec,
    status,
  });

const jobWith = (conditions: object[]) => JobSeen.parse({ spec: {}, status: { conditions } });

const sweepWith = (status: object) => JobSeen.parse({ spec: { completions: 8 }, status });

const containerIn = (state: object) => ({ phase: "Pending", containerStatuses: [{ state }] });

describe("why a pod does not run", () => {
  it("is told to stay where somebody has to do something", () => {
    const unschedulable = {
      phase: "Pending",
      conditions: [
        {
          type: "PodScheduled",
          status: "False",
          reason: "Unschedulable",
          message: "0/2 nodes are available: 2 Insufficient nvidia.com/gpu.",
        },
      ],
    };
    expect(waitingNews(pod(unschedulable))).toEqual({
      text: "pod training-a-x waits: Unschedulable: 0/2 nodes are available: 2 Insufficient nvidia.com/gpu.",
      isLasting: true,
    });
    const waiting = { reason: "ImagePullBackOff", message: 'Back-off pulling image "trainer"' };
    expect(waitingNews(pod(containerIn({ waiting }), { nodeName: "gpu-1" }))).toEqual({
      text: 'pod training-a-x waits: ImagePullBackOff: Back-off pulling image "trainer"',
      isLasting: true,
    });
  });

  it("is told in passing where it only takes a moment", () => {
    expect(waitingNews(pod({ phase: "Pending" }))).toEqual({
      text: "pod training-a-x is to be scheduled",
      isLasting: false,
    });
    const starting = containerIn({ waiting: { reason: "ContainerCreating" } });
    expect(waitingNews(pod(starting, { nodeName: "gpu-1" }))).toEqual({
      text: "pod training-a-x starts on gpu-1",
      isLasting: false,
    });
  });

  it("is nothing where it runs, or has run", () => {
    expect(waitingNews(pod({ phase: "Running" }))).toBeUndefined();
    expect(waitingNews(pod({ phase: "Succeeded" }))).toBeUndefined();
  });
});

it("knows from when on there is a log, and when it is whole", () => {
  expect(hasLog(pod({}))).toBeUndefined();
  expect(hasLog(pod(containerIn({ waiting: {} })))).toBeUndefined();
  expect(hasLog(pod(containerIn({ running: { startedAt: "now" } })))).toBe("running");
  expect(hasLog(pod(containerIn({ terminated: { exitCode: 4 } })))).toBe("ended");
});

it("says of a trainer that took too much memory what an exit code does not", () => {
  expect(
    endNews(pod(containerIn({ terminated: { exitCode: 4, reason: "Error" } }))),
  ).toBeUndefined();
  expect(endNews(pod(containerIn({ terminated: { exitCode: 137, reason: "OOMKilled" } })))).toEqual(
    {
      text: "the trainer took more memory than it may; raise updraft:training.resources.limits.memory",
      isLasting: true,
    },
  );
});

it("knows a Job's end, whatever it is", () => {
  expect(hasEnded(JobSeen.parse({ spec: {} }))).toBe(false);
  expect(hasEnded(jobWith([{ type: "Suspended", status: "True" }]))).toBe(false);
  expect(hasEnded(jobWith([{ type: "Complete", status: "False" }]))).toBe(false);
  expect(hasEnded(jobWith([{ type: "Complete", status: "True" }]))).toBe(true);
  expect(hasEnded(jobWith([{ type: "Failed", status: "True" }]))).toBe(true);
});

it("says why a Job has no pods", () => {
  const job = JobSeen.parse({ spec: {} });
  expect(withoutPods("training-a", job, undefined)).toBeUndefined();
  expect(withoutPods("training-a", job, "exceeded quota: stack")).toEqual({
    text: "training-a gets no pod: exceeded quota: stack",
    isLasting: true,
  });
  const suspended = JobSeen.parse({ spec: { suspend: true } });
  expect(withoutPods("training-a", suspended, undefined)).toEqual({
    text: "training-a is suspended until its queue admits it",
    isLasting: true,
  });
});

it("counts the trials of a sweep", () => {
  expect(trialsNews(sweepWith({})).text).toBe("trials: 0 of 8 done, 0 running");
  expect(trialsNews(sweepWith({ active: 2, succeeded: 3, failed: 1 })).text).toBe(
    "trials: 3 of 8 done, 2 running, 1 lost",
  );
});
