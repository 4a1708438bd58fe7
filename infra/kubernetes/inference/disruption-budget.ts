import type * as k8s from "@pulumi/kubernetes";
import { metadata, type Place } from "../metadata.ts";
import { serving, servingSelector } from "./serving.ts";

/** A node that is drained takes one pod at a time; one that serves nothing anyway goes at once. */
export function inferenceDisruptionBudget(place: Place) {
  return {
    metadata: metadata(place, serving),
    spec: {
      selector: { matchLabels: servingSelector(place) },
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  } satisfies k8s.types.input.policy.v1.PodDisruptionBudget;
}
