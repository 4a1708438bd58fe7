import type * as k8s from "@pulumi/kubernetes";
import type { KubernetesConfig } from "../../config/config.ts";
import { metadata, type Place } from "../metadata.ts";
import { portName, serving, servingSelector } from "./serving.ts";

/** Where the Service listens. */
export const servicePort = 80;

/** The one address of all pods of a model. */
export function inferenceService(
  place: Place,
  { annotations, nodePort, type }: KubernetesConfig["inference"]["service"],
) {
  return {
    metadata: {
      ...metadata(place, serving),
      annotations: {
        ...annotations,
        // The Deployment's own wait says that pods are ready, and this one is there before the
        // training has ended. Only the address of a balancer is something to wait for.
        ...(type !== "LoadBalancer" && { "pulumi.com/skipAwait": "true" }),
      },
    },
    spec: {
      type,
      selector: servingSelector(place),
      ports: [
        {
          name: portName,
          port: servicePort,
          targetPort: portName,
          protocol: "TCP",
          ...(nodePort !== undefined && { nodePort }),
        },
      ],
    },
  } satisfies k8s.types.input.core.v1.Service;
}
