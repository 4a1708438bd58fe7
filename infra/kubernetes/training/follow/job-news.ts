import { z } from "zod";

/** What is read of a Job. */
export const JobSeen = z.object({
  spec: z.object({ suspend: z.boolean().optional(), completions: z.int().optional() }),
  status: z
    .object({
      active: z.int().optional(),
      succeeded: z.int().optional(),
      failed: z.int().optional(),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional(),
    })
    .default({}),
});
export type JobSeen = z.infer<typeof JobSeen>;

const Reason = z.object({ reason: z.string().optional(), message: z.string().optional() });

/** What is read of a pod. */
export const PodSeen = z.object({
  metadata: z.object({ name: z.string(), creationTimestamp: z.string() }),
  spec: z.object({ nodeName: z.string().optional() }).default({}),
  status: z
    .object({
      phase: z.string().optional(),
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), ...Reason.shape }))
        .optional(),
      containerStatuses: z
        .array(
          z.object({
            state: z
              .object({
                waiting: Reason.optional(),
                running: z.unknown().optional(),
                terminated: Reason.optional(),
              })
              .default({}),
          }),
        )
        .optional(),
    })
    .default({}),
});
export type PodSeen = z.infer<typeof PodSeen>;

/** Something to tell whoever watches an update. */
export interface News {
  readonly text: string;
  /** Whether it stays; otherwise the next one takes its place. */
  readonly isLasting: boolean;
}

/** Whether a Job has come to its end, good or bad. */
export function hasEnded({ status }: JobSeen): boolean {
  return (status.conditions ?? []).some(({ type, status: holds }) => {
    return holds === "True" && (type === "Complete" || type === "Failed");
  });
}

/** Whether a pod's container has begun, so that there is a log. */
export function hasLog(pod: PodSeen): "running" | "ended" | undefined {
  const state = pod.status.containerStatuses?.[0]?.state;
  if (state?.terminated !== undefined) return "ended";
  return state?.running === undefined ? undefined : "running";
}

/** What the plugin only gives an exit code for. */
export function endNews({ status }: PodSeen): News | undefined {
  if (status.containerStatuses?.[0]?.state.terminated?.reason !== "OOMKilled") return undefined;
  const text =
    "the trainer took more memory than it may; raise updraft:training.resources.limits.memory";
  return { text, isLasting: true };
}

/** What the ways are in which nothing happens until somebody does something. */
const stuck =
  /^(Unschedulable|SchedulerError|ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|CreateContainerConfigError|CreateContainerError|RunContainerError)$/;

/** Why a pod does not run yet. */
export function waitingNews({ metadata, spec, status }: PodSeen): News | undefined {
  const unscheduled = status.conditions?.find(
    ({ type, status: holds }) => type === "PodScheduled" && holds === "False",
  );
  const waiting = status.containerStatuses?.[0]?.state.waiting;
  const { reason, message } = unscheduled ?? waiting ?? {};
  if (reason !== undefined && stuck.test(reason)) {
    const why = message === undefined ? reason : `${reason}: ${message}`;
    return { text: `pod ${metadata.name} waits: ${why}`, isLasting: true };
  }
  if (status.phase !== "Pending") return undefined;
  const where = spec.nodeName === undefined ? "is to be scheduled" : `starts on ${spec.nodeName}`;
  return { text: `pod ${metadata.name} ${where}`, isLasting: false };
}

/** Why a Job has no pods: a queue holds it back, or a rule of the namespace does. */
export function withoutPods(
  job: string,
  seen: JobSeen,
  warning: string | undefined,
): News | undefined {
  if (seen.spec.suspend)
    return { text: `${job} is suspended until its queue admits it`, isLasting: true };
  if (warning === undefined) return undefined;
  return { text: `${job} gets no pod: ${warning}`, isLasting: true };
}

/** How far the trials of a sweep are. */
export function trialsNews({ spec, status }: JobSeen): News {
  const { active = 0, succeeded = 0, failed = 0 } = status;
  const lost = failed === 0 ? "" : `, ${failed} lost`;
  const text = `trials: ${succeeded} of ${spec.completions ?? 1} done, ${active} running${lost}`;
  return { text, isLasting: false };
}
