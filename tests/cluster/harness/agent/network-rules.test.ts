import type {
  V1NetworkPolicyIngressRule,
  V1NetworkPolicySpec,
  V1Pod,
} from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { networkRules } from "./network-rules.ts";

const pod = (
  name: string,
  podIP: string,
  labels: Record<string, string> = {},
  more: { namespace?: string; ports?: [string, number][]; phase?: string; host?: boolean } = {},
): V1Pod => ({
  metadata: { name, namespace: more.namespace ?? "a", labels },
  spec: {
    hostNetwork: more.host,
    containers: [
      {
        name: "main",
        ports: (more.ports ?? []).map(([portName, containerPort]) => ({
          name: portName,
          containerPort,
        })),
      },
    ],
  },
  status: { podIP, phase: more.phase ?? "Running" },
});

const policy = (spec: V1NetworkPolicySpec, namespace = "a") => ({
  metadata: { name: "policy", namespace },
  spec,
});

const web = pod("web", "10.244.1.2", { app: "web" }, { ports: [["http", 8080]] });
const client = pod("client", "10.244.1.3", { app: "client" });
const stranger = pod("stranger", "10.244.1.4", { app: "client" }, { namespace: "b" });
const pods = [web, client, stranger];
const namespaces = [
  { metadata: { name: "a", labels: { team: "one" } } },
  { metadata: { name: "b", labels: { team: "two" } } },
];
const selectWeb = { matchLabels: { app: "web" } };

/** The rules of the chain of a pod. */
const chain = (name: string, spec: V1NetworkPolicySpec, world = pods) =>
  networkRules({ pods: world, namespaces, policies: [policy(spec)] })
    .filter((line) => line.startsWith(`-A ${name} `))
    .map((line) => line.slice(`-A ${name} `.length));

const ingress = (rule: NonNullable<V1NetworkPolicySpec["ingress"]>[number], world = pods) =>
  chain(
    "UDNP-I-10.244.1.2",
    { podSelector: selectWeb, policyTypes: ["Ingress"], ingress: [rule] },
    world,
  );

const egress = (rule: NonNullable<V1NetworkPolicySpec["egress"]>[number]) =>
  chain("UDNP-E-10.244.1.3", {
    podSelector: { matchLabels: { app: "client" } },
    policyTypes: ["Egress"],
    egress: [rule],
  });

const only = (app: string) =>
  policy({
    podSelector: selectWeb,
    ingress: [{ _from: [{ podSelector: { matchLabels: { app } } }] }],
  });

describe("networkRules", () => {
  it("lets everything pass where there is no policy", () => {
    expect(networkRules({ pods, namespaces, policies: [] })).toEqual([
      ":UPDRAFT-NP - [0:0]",
      "-A UPDRAFT-NP -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
    ]);
  });

  it("drops what reaches a selected pod, but for answers and what is allowed", () => {
    const spec = {
      podSelector: selectWeb,
      policyTypes: ["Ingress"],
      ingress: [{ _from: [{ podSelector: { matchLabels: { app: "client" } } }] }],
    };
    expect(networkRules({ pods, namespaces, policies: [policy(spec)] })).toEqual([
      ":UPDRAFT-NP - [0:0]",
      ":UDNP-I-10.244.1.2 - [0:0]",
      "-A UPDRAFT-NP -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
      "-A UPDRAFT-NP -d 10.244.1.2 -j UDNP-I-10.244.1.2",
      "-A UDNP-I-10.244.1.2 -s 10.244.1.2 -j RETURN",
      "-A UDNP-I-10.244.1.2 -s 10.244.1.3 -j RETURN",
      "-A UDNP-I-10.244.1.2 -j DROP",
    ]);
  });

  it("closes both directions of a pod by one policy", () => {
    const spec = { podSelector: selectWeb, policyTypes: ["Ingress", "Egress"] };
    expect(networkRules({ pods, namespaces, policies: [policy(spec)] })).toEqual([
      ":UPDRAFT-NP - [0:0]",
      ":UDNP-E-10.244.1.2 - [0:0]",
      ":UDNP-I-10.244.1.2 - [0:0]",
      "-A UPDRAFT-NP -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
      "-A UPDRAFT-NP -s 10.244.1.2 -j UDNP-E-10.244.1.2",
      "-A UPDRAFT-NP -d 10.244.1.2 -j UDNP-I-10.244.1.2",
      "-A UDNP-E-10.244.1.2 -d 10.244.1.2 -j RETURN",
      "-A UDNP-E-10.244.1.2 -j DROP",
      "-A UDNP-I-10.244.1.2 -s 10.244.1.2 -j RETURN",
      "-A UDNP-I-10.244.1.2 -j DROP",
    ]);
  });

  it("allows everybody where a rule names nobody", () => {
    expect(ingress({})).toEqual(["-s 10.244.1.2 -j RETURN", "-s 0.0.0.0/0 -j RETURN", "-j DROP"]);
  });

  it("reads a watched policy, which the client has not renamed `from` of", () => {
    const from = [{ podSelector: { matchLabels: { app: "client" } } }];
    expect(ingress({ from } as V1NetworkPolicyIngressRule)).toContain("-s 10.244.1.3 -j RETURN");
  });

  it("adds up what several policies allow", () => {
    const other = pod("other", "10.244.1.5", { app: "other" });
    const rules = networkRules({
      pods: [...pods, other],
      namespaces,
      policies: [only("client"), only("other")],
    });
    expect(rules.slice(-4)).toEqual([
      "-A UDNP-I-10.244.1.2 -s 10.244.1.2 -j RETURN",
      "-A UDNP-I-10.244.1.2 -s 10.244.1.3 -j RETURN",
      "-A UDNP-I-10.244.1.2 -s 10.244.1.5 -j RETURN",
      "-A UDNP-I-10.244.1.2 -j DROP",
    ]);
  });

  it("selects peers by the labels of their namespace, and both selectors together", () => {
    const teamTwo = { matchExpressions: [{ key: "team", operator: "In", values: ["two"] }] };
    expect(ingress({ _from: [{ namespaceSelector: teamTwo }] })).toEqual([
      "-s 10.244.1.2 -j RETURN",
      "-s 10.244.1.4 -j RETURN",
      "-j DROP",
    ]);
    const both = { namespaceSelector: {}, podSelector: { matchLabels: { app: "client" } } };
    expect(ingress({ _from: [both] })).toEqual([
      "-s 10.244.1.2 -j RETURN",
      "-s 10.244.1.3 -j RETURN",
      "-s 10.244.1.4 -j RETURN",
      "-j DROP",
    ]);
  });

  it("takes the exceptions out of a range of addresses", () => {
    const ipBlock = { cidr: "10.0.0.0/8", except: ["10.128.0.0/9", "10.0.0.0/10"] };
    expect(ingress({ _from: [{ ipBlock }] })).toEqual([
      "-s 10.244.1.2 -j RETURN",
      "-s 10.64.0.0/10 -j RETURN",
      "-j DROP",
    ]);
  });

  it("matches ports by number, range and name, and a protocol alone", () => {
    const ports = [
      { port: 80 },
      { port: 9000, endPort: 9010 },
      { port: "http" },
      { port: "nobody-has-it" },
      { protocol: "UDP" },
    ];
    expect(ingress({ ports })).toEqual([
      "-s 10.244.1.2 -j RETURN",
      "-s 0.0.0.0/0 -p tcp --dport 80 -j RETURN",
      "-s 0.0.0.0/0 -p tcp --dport 9000:9010 -j RETURN",
      "-s 0.0.0.0/0 -p tcp --dport 8080 -j RETURN",
      "-s 0.0.0.0/0 -p udp -j RETURN",
      "-j DROP",
    ]);
  });

  it("takes the names of ports from the pod that is called", () => {
    const ports = [{ port: "http" }];
    expect(egress({ to: [{ podSelector: {} }], ports })).toEqual([
      "-d 10.244.1.3 -j RETURN",
      "-d 10.244.1.2 -p tcp --dport 8080 -j RETURN",
      "-j DROP",
    ]);
    expect(egress({ ports })).toEqual([
      "-d 10.244.1.3 -j RETURN",
      "-d 10.244.1.2 -p tcp --dport 8080 -j RETURN",
      "-j DROP",
    ]);
    expect(egress({ to: [{ ipBlock: { cidr: "10.244.0.0/16" } }], ports })).toEqual([
      "-d 10.244.1.3 -j RETURN",
      "-j DROP",
    ]);
  });

  it("leaves out pods without an address of their own, and those that have ended", () => {
    const world = [
      web,
      pod("host", "10.245.0.1", { app: "client" }, { host: true }),
      pod("ended", "10.244.1.9", { app: "client" }, { phase: "Succeeded" }),
      { metadata: { name: "new", namespace: "a", labels: { app: "client" } } },
    ];
    expect(ingress({ _from: [{ podSelector: {} }] }, world)).toEqual([
      "-s 10.244.1.2 -j RETURN",
      "-j DROP",
    ]);
  });

  it("does not mind a policy of another namespace", () => {
    const policies = [policy({ podSelector: {}, policyTypes: ["Ingress"] }, "c")];
    expect(networkRules({ pods, namespaces, policies })).toHaveLength(2);
  });
});
