import type * as k8s from "@pulumi/kubernetes";
import { metadata } from "../metadata.ts";
import {
  modelAnnotations,
  podAnnotations,
  serverContainer,
  serving,
  servingLabels,
  servingPod,
  servingSelector,
  type ServingArgs,
} from "./serving.ts";

/**
 * The pods of a model. Their number is the autoscaler's: a Deployment that named one would take it
 * back with every update. No pod goes before another one is ready in its place.
 */
export function inferenceDeployment(args: ServingArgs) {
  const { place, release, settings } = args;
  return {
    metadata: { ...metadata(place, serving), annotations: modelAnnotations(release) },
    spec: {
      selector: { matchLabels: servingSelector(place) },
      minReadySeconds: 3,
      progressDeadlineSeconds: settings.progressDeadlineSeconds,
      revisionHistoryLimit: 5,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
      template: {
        metadata: { labels: servingLabels(place), annotations: podAnnotations(args) },
        spec: { ...servingPod(args), containers: [serverContainer("server", args)] },
      },
    },
  } satisfies k8s.types.input.apps.v1.Deployment;
}

/**
 * How long an update waits for the Deployment: until the cluster itself has given up on it, and a
 * little for saying so.
 */
export function rolloutTimeout(progressDeadlineSeconds: number): string {
  return `${progressDeadlineSeconds + 30}s`;
}
