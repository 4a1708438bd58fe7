import type {
  V1Namespace,
  V1NetworkPolicy,
  V1NetworkPolicyIngressRule,
  V1NetworkPolicyPeer,
  V1NetworkPolicyPort,
  V1Pod,
} from "@kubernetes/client-node";
import { networkNames } from "../addresses.ts";
import { formatCidr, parseCidr, subtract } from "../machine/cidr.ts";
import { selects } from "./label-selector.ts";

/** What the rules follow from. */
export interface PolicyWorld {
  readonly pods: readonly V1Pod[];
  readonly namespaces: readonly V1Namespace[];
  readonly policies: readonly V1NetworkPolicy[];
}

type Direction = "Ingress" | "Egress";

/** A policy's rule in either direction. */
interface PolicyRule {
  readonly peers?: readonly V1NetworkPolicyPeer[];
  readonly ports?: readonly V1NetworkPolicyPort[];
}

/** Who may be talked to: addresses, and the pod if there is one behind them. */
interface Peer {
  readonly range: string;
  readonly pod?: V1Pod;
}

const everybody: Peer = { range: "0.0.0.0/0" };

/**
 * Network policies as lines of `iptables-restore`. A pod that a policy selects has a chain for the
 * direction: what is allowed returns from it, and its last rule drops. Answers pass first of all.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies
 */
export function networkRules(world: PolicyWorld): string[] {
  const selected = onNetwork(world.pods).flatMap((pod) =>
    (["Egress", "Ingress"] as const).flatMap((direction) => {
      const policies = world.policies.filter((policy) => applies(policy, pod, direction));
      return policies.length === 0 ? [] : [{ pod, direction, policies }];
    }),
  );
  const { policyChain } = networkNames;
  return [
    `:${policyChain} - [0:0]`,
    ...selected.map(({ pod, direction }) => `:${chainOf(pod, direction)} - [0:0]`),
    `-A ${policyChain} -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN`,
    ...selected.map(({ pod, direction }) => {
      const own = direction === "Ingress" ? "-d" : "-s";
      return `-A ${policyChain} ${own} ${addressOf(pod)} -j ${chainOf(pod, direction)}`;
    }),
    ...selected.flatMap(({ pod, direction, policies }) => {
      const chain = chainOf(pod, direction);
      const rules = policies.flatMap((policy) => allowed(world, policy, pod, direction));
      // A pod may always talk to itself.
      const all = [matchOf(direction, addressOf(pod)), ...rules];
      return [
        ...new Set(all).values().map((rule) => `-A ${chain} ${rule} -j RETURN`),
        `-A ${chain} -j DROP`,
      ];
    }),
  ];
}

/** Pods with an address of their own that something may run behind. */
function onNetwork(pods: readonly V1Pod[]): V1Pod[] {
  return pods
    .filter(({ spec, status }) => {
      const ended = status?.phase === "Succeeded" || status?.phase === "Failed";
      return status?.podIP !== undefined && spec?.hostNetwork !== true && !ended;
    })
    .toSorted((a, b) => addressOf(a).localeCompare(addressOf(b), "en", { numeric: true }));
}

function applies({ metadata, spec }: V1NetworkPolicy, pod: V1Pod, direction: Direction): boolean {
  // The API fills the types in where a policy leaves them out.
  const types = spec?.policyTypes ?? (spec?.egress ? ["Ingress", "Egress"] : ["Ingress"]);
  return (
    metadata?.namespace === pod.metadata?.namespace &&
    types.includes(direction) &&
    selects(spec?.podSelector ?? {}, pod.metadata?.labels ?? {})
  );
}

/** What one policy allows a pod that it selects, as matches of iptables. */
function allowed(
  world: PolicyWorld,
  { metadata, spec }: V1NetworkPolicy,
  pod: V1Pod,
  direction: Direction,
): string[] {
  const namespace = metadata?.namespace ?? "";
  const rules: PolicyRule[] =
    direction === "Ingress"
      ? (spec?.ingress ?? []).map((rule) => ({ peers: ingressPeers(rule), ports: rule.ports }))
      : (spec?.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
  return rules.flatMap(({ peers = [], ports = [] }) => {
    const isNamed = ports.some(({ port }) => typeof port === "string");
    const found =
      peers.length > 0 ? peers.flatMap((peer) => peersOf(world, peer, namespace)) : [everybody];
    // Which port a name is depends on the pod that is called: each of them is a peer then.
    const named =
      peers.length === 0 && isNamed && direction === "Egress" ? onNetwork(world.pods) : [];
    return [...found, ...named.map(podPeer)].flatMap((peer) => {
      const called = direction === "Ingress" ? pod : peer.pod;
      const match = matchOf(direction, peer.range);
      if (ports.length === 0) return [match];
      return ports.flatMap((port) => portMatch(port, called)).map((port) => `${match} ${port}`);
    });
  });
}

/** The client renames `from` in what it lists, and not in what it watches. */
function ingressPeers(rule: V1NetworkPolicyIngressRule & { from?: V1NetworkPolicyPeer[] }) {
  const { _from: renamed, from = renamed } = rule;
  return from;
}

function peersOf(world: PolicyWorld, peer: V1NetworkPolicyPeer, namespace: string): Peer[] {
  const { ipBlock, namespaceSelector, podSelector = {} } = peer;
  if (ipBlock) {
    const excepted = (ipBlock.except ?? []).map(parseCidr);
    return subtract(parseCidr(ipBlock.cidr), excepted).map((cidr) => ({ range: formatCidr(cidr) }));
  }
  const names = namespaceSelector
    ? world.namespaces
        .filter(({ metadata }) => selects(namespaceSelector, metadata?.labels ?? {}))
        .map(({ metadata }) => metadata?.name)
    : [namespace];
  return onNetwork(world.pods)
    .filter(({ metadata }) => names.includes(metadata?.namespace))
    .filter(({ metadata }) => selects(podSelector, metadata?.labels ?? {}))
    .map(podPeer);
}

/** A port of a policy as a match; none if it is a name that the called pod does not have. */
function portMatch(
  { protocol = "TCP", port, endPort }: V1NetworkPolicyPort,
  called?: V1Pod,
): string[] {
  const transport = `-p ${protocol.toLowerCase()}`;
  if (port === undefined) return [transport];
  if (typeof port === "number") {
    return [`${transport} --dport ${endPort === undefined ? port : `${port}:${endPort}`}`];
  }
  const ports = called?.spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
  return ports
    .filter((own) => own.name === port && (own.protocol ?? "TCP") === protocol)
    .map((own) => `${transport} --dport ${own.containerPort}`);
}

function podPeer(pod: V1Pod): Peer {
  return { range: addressOf(pod), pod };
}

function matchOf(direction: Direction, range: string): string {
  return `${direction === "Ingress" ? "-s" : "-d"} ${range}`;
}

function addressOf(pod: V1Pod): string {
  return pod.status?.podIP ?? "";
}

function chainOf(pod: V1Pod, direction: Direction): string {
  return `${networkNames.podChain}${direction === "Ingress" ? "I" : "E"}-${addressOf(pod)}`;
}
