import type * as k8s from "@pulumi/kubernetes";
import { jobPrefixes } from "./run-name.ts";
import { trainerPod } from "./trainer-pod.ts";
import { sweepSettings, takenOver, type RunJob, type RunSweep } from "./run-job.ts";

/** Name of a run's sweep. */
export function sweepName(id: string): string {
  return `${jobPrefixes.sweep}${id}`;
}

/**
 * The trials of a sweep, one pod for each. A trial that comes to nothing notes that in the tracker
 * and ends well; so only pods that were lost count, which are tried again: as many as one lost
 * node takes along, and two more. All indexes share that limit, because Pulumi would not notice a
 * Job that failed by its limit per index.
 * @param id what the name ends with
 */
export function sweepJob(
  id: string,
  { place, labels, timeoutMinutes, pod, sweep }: RunJob & { readonly sweep: RunSweep },
): k8s.batch.v1.JobArgs {
  const completions = sweep.trials.length;
  const parallelism = Math.min(sweep.parallelism, completions);
  return {
    metadata: {
      name: sweepName(id),
      namespace: place.namespace,
      labels,
      annotations: takenOver,
    },
    spec: {
      completionMode: "Indexed",
      completions,
      parallelism,
      backoffLimit: parallelism + 2,
      activeDeadlineSeconds: timeoutMinutes * 60,
      template: trainerPod("trial", pod, sweepSettings(id, sweep)),
    },
  };
}
