import type * as k8s from "@pulumi/kubernetes";
import { metadata, type Place } from "../metadata.ts";
import { serving } from "./serving.ts";

/** Who the pods are: nobody to the cluster, and a role of AWS where the store asks for one. */
export function inferenceServiceAccount(
  place: Place,
  annotations: Readonly<Record<string, string>>,
) {
  return {
    metadata: metadata(place, serving, { annotations }),
    automountServiceAccountToken: false,
  } satisfies k8s.types.input.core.v1.ServiceAccount;
}
