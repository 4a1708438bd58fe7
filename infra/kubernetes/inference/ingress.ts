import type * as k8s from "@pulumi/kubernetes";
import type { Ingress } from "../../config/manifest-values.ts";
import { metadata, type Place } from "../metadata.ts";
import { portName, serving } from "./serving.ts";

/** The way in from outside through an ingress controller. */
export function inferenceIngress(place: Place, ingress: Ingress) {
  const { annotations, className, host, tlsSecret } = ingress;
  const backend = { service: { name: serving.name, port: { name: portName } } };
  return {
    metadata: {
      ...metadata(place, serving),
      // Not every controller writes an address, and the host is known: nothing to wait for.
      annotations: { ...annotations, "pulumi.com/skipAwait": "true" },
    },
    spec: {
      ...(className !== undefined && { ingressClassName: className }),
      ...(tlsSecret !== undefined && { tls: [{ hosts: [host], secretName: tlsSecret }] }),
      rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
    },
  } satisfies k8s.types.input.networking.v1.Ingress;
}
