import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Resources } from "../../config/manifest-values.ts";
import { gpuPlacement, gpuResource } from "../gpu/pool.ts";
import type { Labels } from "../labels.ts";
import { podBasics } from "../pod-basics.ts";
import { resourcesOf, type ContainerResources } from "../resources.ts";
import { containerSecurityContext, temporaryMount, temporaryVolume } from "../restricted.ts";
import { variables, type Variable } from "../variables.ts";
import { trainerPart } from "./trainer-access.ts";

/** The container of a trainer's pod. */
export const trainerContainer = "trainer";

/**
 * What a training asks for, and the most memory that it may take. The digits take 640 MB with
 * mnist-10k; the rest is for MNIST's 60,000 images and for larger networks.
 */
export const trainerResources: ContainerResources = {
  requests: { cpu: "1", memory: "1Gi" },
  limits: { memory: "3Gi" },
};

/** What differs between the pods of the trainer. */
export interface TrainerPod {
  /** By its digest. */
  readonly image: pulumi.Input<string>;
  /** Secrets with which the node pulls it. */
  readonly pullSecrets: readonly string[];
  readonly labels: Labels;
  /** `TRAINER_…`, by name. */
  readonly settings: Readonly<Record<string, pulumi.Input<string>>>;
  /** Of the store and the tracker. */
  readonly access: readonly Variable[];
  /** What it asks for and the most that it may take. @default trainerResources */
  readonly defaultResources?: ContainerResources | undefined;
  readonly resources: Resources;
  /** A folder that it may read, beside its own. */
  readonly folder?: PodFolder | undefined;
  readonly priorityClass?: string | undefined;
  /** Where the run takes GPUs. */
  readonly gpu?: { readonly count: number; readonly runtimeClass?: string | undefined } | undefined;
}

/** A folder of a pod, and what is in it. */
export interface PodFolder {
  /** Absolute. */
  readonly mountPath: string;
  readonly volume: k8s.types.input.core.v1.Volume & { readonly name: string };
}

/**
 * Template of a pod that runs a command of the trainer, once.
 * @param settings `TRAINER_…` of this command
 */
export function trainerPod(
  command: "train" | "trial" | "promote" | "rollback",
  pod: TrainerPod,
  settings: TrainerPod["settings"],
): k8s.types.input.core.v1.PodTemplateSpec {
  const { folder, gpu, priorityClass } = pod;
  return {
    metadata: { labels: pod.labels },
    spec: {
      restartPolicy: "Never",
      ...podBasics(trainerPart.name, pod.pullSecrets),
      // The outcome becomes a ConfigMap, which the trainer writes itself.
      automountServiceAccountToken: true,
      ...(priorityClass === undefined ? {} : { priorityClassName: priorityClass }),
      ...(gpu ? gpuPlacement(gpu.runtimeClass) : {}),
      containers: [
        {
          name: trainerContainer,
          image: pod.image,
          imagePullPolicy: "IfNotPresent",
          args: [command],
          env: [
            ...variables({ ...places, ...pod.settings, ...settings }),
            ...jobVariables,
            ...pod.access,
          ],
          resources: resourcesFor(pod),
          securityContext: containerSecurityContext,
          // What the trainer writes there is what a failed update says; of one that was killed, for
          // its memory say, the end of its log.
          terminationMessagePath: places.TRAINER_TERMINATION_LOG,
          terminationMessagePolicy: "FallbackToLogsOnError",
          volumeMounts: [temporaryMount, ...(folder ? [mountOf(folder)] : [])],
        },
      ],
      volumes: [temporaryVolume, ...(folder ? [folder.volume] : [])],
    },
  };
}

/** Where the trainer may write. */
const places = {
  HOME: temporaryMount.mountPath,
  TRAINER_TERMINATION_LOG: "/dev/termination-log",
  UPDRAFT_CACHE: `${temporaryMount.mountPath}/cache`,
} as const;

/** The Job that the pod belongs to, as the cluster tells it. */
const jobVariables = [
  fromLabel("TRAINER_JOB_NAME", "batch.kubernetes.io/job-name"),
  fromLabel("TRAINER_JOB_UID", "batch.kubernetes.io/controller-uid"),
] as const;

function fromLabel(name: string, label: string) {
  return { name, valueFrom: { fieldRef: { fieldPath: `metadata.labels['${label}']` } } };
}

function mountOf({ mountPath, volume }: PodFolder) {
  return { name: volume.name, mountPath, readOnly: true };
}

function resourcesFor({ defaultResources, resources, gpu }: TrainerPod): ContainerResources {
  const { requests, limits } = resourcesOf(defaultResources ?? trainerResources, resources);
  if (gpu === undefined) return { requests, limits };
  return { requests, limits: { ...limits, [gpuResource]: String(gpu.count) } };
}
