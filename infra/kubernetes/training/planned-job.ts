import type { ReleasePlan, RunArgs } from "../../platform.ts";
import type { KubernetesTarget } from "../kubernetes-target.ts";
import type { RunJob } from "./run-job.ts";
import { trainerPart } from "./trainer-access.ts";
import type { TrainerPod } from "./trainer-pod.ts";

/**
 * The Job of a run as the chapter `training` has it.
 * @param settings `TRAINER_…` of the command
 */
export function plannedJob(
  args: RunArgs<KubernetesTarget, ReleasePlan>,
  settings: TrainerPod["settings"],
): RunJob {
  const { environment, store, tracker, plan } = args;
  const { config, images, namespace } = environment;
  const { priorityClass, queue, resources, timeoutMinutes } = args.settings;
  const { gpu } = config;
  return {
    kind: plan.kind,
    place: { namespace },
    // Kueue's webhook suspends a Job with this label; without Kueue it starts at once.
    labels: environment.labels(trainerPart, queue ? { "kueue.x-k8s.io/queue-name": queue } : {}),
    timeoutMinutes,
    pod: {
      image: images.trainer,
      pullSecrets: config.images.pullSecrets,
      labels: environment.labels(trainerPart),
      settings: { ...settings, TRAINER_STORE_URI: store.uri },
      access: [...tracker.access.variables, ...store.access.trainer.variables],
      resources,
      priorityClass,
      gpu: gpu && { count: gpu.count, runtimeClass: gpu.runtimeClass?.name },
    },
  };
}
