import type * as k8s from "@pulumi/kubernetes";
import { selectorOf, type Part } from "./labels.ts";
import { metadata, type Metadata, type Place } from "./metadata.ts";

/** A rule of a NetworkPolicy: whom its pods may call. */
export type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
/** A rule of a NetworkPolicy: who may call its pods. */
export type IngressRule = k8s.types.input.networking.v1.NetworkPolicyIngressRule;
/** The other side of a connection. */
export type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** The edges of a part's pods, which the namespace's default denies. */
export interface Edges {
  readonly ingress?: readonly IngressRule[];
  readonly egress?: readonly EgressRule[];
}

/** The NetworkPolicy of a part's pods. */
export function networkPolicy(
  place: Place,
  part: Omit<Part, "stack">,
  { ingress = [], egress = [] }: Edges,
): {
  readonly metadata: Metadata;
  readonly spec: k8s.types.input.networking.v1.NetworkPolicySpec;
} {
  return {
    metadata: metadata(place, part),
    spec: {
      podSelector: { matchLabels: selectorOf({ name: part.name, stack: place.stack }) },
      policyTypes: ["Ingress", "Egress"],
      ingress: [...ingress],
      egress: [...egress],
    },
  };
}

/** The pods of a part of the same stack. */
export function podsOf({ stack }: Pick<Place, "stack">, name: string): Peer {
  return { podSelector: { matchLabels: selectorOf({ name, stack }) } };
}

/** The TCP port of a rule. */
export function tcp(port: number): { readonly protocol: string; readonly port: number } {
  return { protocol: "TCP", port };
}

/**
 * Whatever an address outside of the stack may stand for. A name says nothing about where its
 * servers are, and some networks count the pods of other namespaces as no part of `0.0.0.0/0`.
 */
export const anywhere: readonly Peer[] = [
  { ipBlock: { cidr: "0.0.0.0/0" } },
  { ipBlock: { cidr: "::/0" } },
  { namespaceSelector: {} },
];

/** Calls to a server that is there already, by its address. */
export function egressTo(url: string): EgressRule {
  const { protocol, port } = new URL(url);
  return { to: [...anywhere], ports: [tcp(port === "" ? defaultPort(protocol) : Number(port))] };
}

function defaultPort(protocol: string): number {
  if (protocol === "https:") return 443;
  return protocol === "http:" ? 80 : 5432;
}
