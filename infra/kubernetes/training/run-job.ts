import type * as k8s from "@pulumi/kubernetes";
import type { Labels } from "../labels.ts";
import type { Place } from "../metadata.ts";
import { jobPrefixes, type RunKind } from "./run-name.ts";
import { trainerPod, type TrainerPod } from "./trainer-pod.ts";

/** A run's Job: the one that leaves its release, or that of its sweep. */
export interface RunJob {
  readonly kind: RunKind;
  readonly place: Pick<Place, "namespace">;
  /** Of the Job itself; its pods have those of `pod`. */
  readonly labels: Labels;
  /** How long it may take, waiting for a node included, but not waiting in a queue. */
  readonly timeoutMinutes: number;
  readonly pod: TrainerPod;
  /** Of the sweep that the run has. */
  readonly sweep?: RunSweep | undefined;
}

/** A run's trials. */
export interface RunSweep {
  /** Hyperparameters of each, by index. */
  readonly trials: readonly Readonly<Record<string, unknown>>[];
  /** How many run at once. */
  readonly parallelism: number;
  /** What the best trial is chosen by, and whatever else the configuration says, as JSON. */
  readonly settings: string;
}

/** Name of the Job that leaves a run's release. */
export function runJobName(kind: RunKind, id: string): string {
  return `${jobPrefixes[kind]}${id}`;
}

/** Name of the ConfigMap that a Job leaves its outcome in. */
export function releaseName(jobName: string): string {
  return `${jobName}-release`;
}

const commands = { training: "train", promotion: "promote", rollback: "rollback" } as const;

/** What both commands of the trainer are told of the sweep that they belong to. */
export function sweepSettings(id: string, { trials, settings }: RunSweep): Record<string, string> {
  return {
    TRAINER_SWEEP: settings,
    TRAINER_SWEEP_ID: id,
    TRAINER_SWEEP_TRIALS: JSON.stringify(trials),
  };
}

/**
 * A run's Job that an update left which was killed belongs to a field manager that the next update
 * does not know. What the server has filled in or written in another way, such as `0.5` CPUs as
 * `500m`, would then be a conflict, though the manifest is the same.
 */
export const takenOver = { "pulumi.com/patchForce": "true" } as const;

/**
 * A command of the trainer, tried once: what a failed one says is true of the next try too. Pulumi
 * notices that a Job has failed only if it ran out of retries or of time, which is why there is no
 * `podFailurePolicy`; and a Job that removes itself would be run again, which is why there is no
 * `ttlSecondsAfterFinished`.
 * @param id what the name ends with
 */
export function runJob(
  id: string,
  { kind, place, labels, timeoutMinutes, pod, sweep }: RunJob,
): k8s.batch.v1.JobArgs {
  const name = runJobName(kind, id);
  return {
    metadata: { name, namespace: place.namespace, labels, annotations: takenOver },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: timeoutMinutes * 60,
      template: trainerPod(commands[kind], pod, {
        TRAINER_LABELS: JSON.stringify(labels),
        TRAINER_OUTCOME_CONFIG_MAP: releaseName(name),
        ...(sweep ? sweepSettings(id, sweep) : {}),
      }),
    },
  };
}
