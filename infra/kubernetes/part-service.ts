import type * as k8s from "@pulumi/kubernetes";
import type { Ingress } from "../config/manifest-values.ts";
import { selectorOf, type Part } from "./labels.ts";
import { metadata, type Place } from "./metadata.ts";

/** A port of a part, by its name in the pods. */
export interface NamedPort {
  readonly name: string;
  readonly port: number;
}

/** The address of a part's pods in the cluster. */
export function partService(place: Place, part: Omit<Part, "stack">, { name, port }: NamedPort) {
  // That its pods answer is what their own readiness says; waiting here too takes ten seconds.
  const annotations = { "pulumi.com/skipAwait": "true" };
  return {
    metadata: metadata(place, part, { annotations }),
    spec: {
      selector: selectorOf({ name: part.name, stack: place.stack }),
      ports: [{ name, port, targetPort: name, protocol: "TCP" }],
    },
  } satisfies k8s.types.input.core.v1.Service;
}

/** The way to a part's Service from outside, through an ingress controller. */
export function partIngress(
  place: Place,
  part: Omit<Part, "stack">,
  { host, className, tlsSecret, annotations }: Ingress,
  { name }: Pick<NamedPort, "name">,
) {
  const backend = { service: { name: part.name, port: { name } } };
  return {
    // Not every controller writes an address, and the host is known: nothing to wait for.
    metadata: metadata(place, part, {
      annotations: { ...annotations, "pulumi.com/skipAwait": "true" },
    }),
    spec: {
      ...(className === undefined ? {} : { ingressClassName: className }),
      ...(tlsSecret === undefined ? {} : { tls: [{ hosts: [host], secretName: tlsSecret }] }),
      rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
    },
  } satisfies k8s.types.input.networking.v1.Ingress;
}

/** The address of what an Ingress leads to, without a slash at its end. */
export function ingressUrl({ host, tlsSecret }: Pick<Ingress, "host" | "tlsSecret">): string {
  return `${tlsSecret === undefined ? "http" : "https"}://${host}`;
}
