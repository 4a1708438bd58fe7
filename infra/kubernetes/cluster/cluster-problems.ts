import type { KubernetesConfig } from "../../config/config.ts";
import type { Ingress } from "../../config/manifest-values.ts";
import { namespaceOf } from "../environment/environment.ts";
import type { ClassInCluster, ClusterState, NodeInCluster } from "./cluster-state.ts";
import type { Right } from "./needed-rights.ts";

/** From this version on a pod may sleep before it stops, with no program of its image. */
const oldestVersion = { major: 1, minor: 30 };

/**
 * What stands against a configuration in the cluster, each with what to do about it.
 * @see ClusterState of which what is not known is no problem
 */
export function clusterProblems(
  stack: string,
  config: KubernetesConfig,
  state: ClusterState,
): string[] {
  if (state.version === undefined) {
    return [
      `${clusterKey(config)}: the cluster at ${state.address} does not let this user in; log in again, or ${anotherUser(config)}`,
    ];
  }
  return [
    ...versionProblems(config, state.address, state.version),
    ...namespaceProblems(stack, config, state),
    ...rightProblems(stack, config, state.missingRights),
    ...apiProblems(config, state.apis),
    ...volumeProblems(config, state.storageClasses),
    ...ingressProblems(config, state.ingressClasses),
    ...schedulingProblems(config, state),
    ...nodeProblems(config, state.nodes),
  ];
}

/** The key that says which cluster is meant, and as whom. */
function clusterKey({ kubernetes }: KubernetesConfig): string {
  return `updraft:kubernetes.${kubernetes.clusterStack === undefined ? "context" : "clusterStack"}`;
}

function anotherUser({ kubernetes }: KubernetesConfig): string {
  return kubernetes.clusterStack === undefined
    ? "set the context of another user"
    : "name a stack whose kubeconfig is another user's";
}

function versionProblems(config: KubernetesConfig, address: string, version: string): string[] {
  const [, major = 0, minor = 0] = (/^v(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
  const isOld =
    major < oldestVersion.major || (major === oldestVersion.major && minor < oldestVersion.minor);
  if (!isOld) return [];
  return [
    `${clusterKey(config)}: the cluster at ${address} is Kubernetes ${version}; the platform needs ${oldestVersion.major}.${oldestVersion.minor} or newer`,
  ];
}

function namespaceProblems(
  stack: string,
  config: KubernetesConfig,
  { namespace, otherStacks }: ClusterState,
): string[] {
  const name = namespaceOf(stack, config);
  const { createNamespace } = config.kubernetes;
  if (namespace === "unknown") return [];
  if (namespace === "missing") {
    if (createNamespace) return [];
    return [
      `updraft:kubernetes.namespace: there is no namespace ${name}, and createNamespace is false; create it, or remove createNamespace`,
    ];
  }
  if (namespace.isTerminating) {
    return [
      `updraft:kubernetes.namespace: the namespace ${name} is being deleted; wait until it is gone, or set another one`,
    ];
  }
  const strangers = otherStacks.filter((other) => other !== namespace.stack);
  if (namespace.stack !== undefined && namespace.stack !== stack) {
    return [
      `updraft:kubernetes.namespace: the namespace ${name} belongs to the stack ${namespace.stack}; set another one`,
    ];
  }
  if (strangers.length > 0) {
    return [
      `updraft:kubernetes.namespace: the namespace ${name} holds objects of the stack ${strangers.join(", ")}; set another one`,
    ];
  }
  if (createNamespace && namespace.stack === undefined) {
    return [
      `updraft:kubernetes.namespace: the namespace ${name} is there and not this stack's; set updraft:kubernetes.createNamespace to false to move in, or set another one`,
    ];
  }
  return [];
}

function rightProblems(
  stack: string,
  config: KubernetesConfig,
  missing: readonly Right[],
): string[] {
  const problems: string[] = [];
  const problem = (where: string, rights: readonly Right[]) => {
    if (rights.length === 0) return;
    problems.push(
      `${clusterKey(config)}: this user may not ${rights.map(inWords).join(", ")} ${where}; have the right given, or ${anotherUser(config)}`,
    );
  };
  const [cluster, own] = [
    missing.filter(({ scope }) => scope === "cluster"),
    missing.filter(({ scope }) => scope === "namespace"),
  ];
  problem("in the cluster", cluster);
  problem(`in the namespace ${namespaceOf(stack, config)}`, own);
  return problems;
}

function inWords({ verb, group, resource }: Right): string {
  return `${verb} ${resource}${group === "" ? "" : `.${group}`}`;
}

/** Chapters that need what not every cluster has. */
function apiProblems(config: KubernetesConfig, apis: ClusterState["apis"]): string[] {
  if (apis === undefined) return [];
  const { inference, training, monitoring } = config;
  const needed = [
    [
      inference.serving === "kserve",
      "inference.serving is kserve",
      "serving.kserve.io/v1beta1",
      "KServe",
    ],
    [inference.gateway, "inference.gateway", "gateway.networking.k8s.io/v1", "Gateway API"],
    [training.queue, "training.queue", "kueue.x-k8s.io/", "Kueue"],
    [
      monitoring.serviceMonitor,
      "monitoring.serviceMonitor",
      "monitoring.coreos.com/v1",
      "Prometheus Operator",
    ],
  ] as const;
  return needed
    .filter(([isSet, , api]) => isSet && !apis.some((one) => isVersionOf(one, api)))
    .map(
      ([, key, api, name]) =>
        `updraft:${key}: the cluster has no ${name} (${api.replace(/\/$/, "")}); install it, or remove the key`,
    );
}

/** A group with a slash at its end stands for any of its versions. */
function isVersionOf(there: string, api: string): boolean {
  return api.endsWith("/") ? there.startsWith(api) : there === api;
}

function volumeProblems(
  config: KubernetesConfig,
  classes: ClusterState["storageClasses"],
): string[] {
  const { store, tracker, databaseUri } = config;
  const volumes: [string, string | undefined][] = [];
  if (store.s3 === undefined) volumes.push(["store", store.storageClass]);
  if (tracker.uri === undefined && databaseUri === undefined) {
    volumes.push(["tracker.database", tracker.database.storageClass]);
  }
  return volumes.flatMap(([key, name]) =>
    classProblem(`updraft:${key}.storageClass`, "StorageClass", name, classes),
  );
}

function ingressProblems(
  { inference, tracker }: KubernetesConfig,
  classes: ClusterState["ingressClasses"],
): string[] {
  const ways: [string, Ingress | undefined][] = [
    ["inference", inference.ingress],
    ["tracker", tracker.ingress],
  ];
  return ways.flatMap(([key, ingress]) =>
    ingress
      ? classProblem(`updraft:${key}.ingress.className`, "IngressClass", ingress.className, classes)
      : [],
  );
}

function classProblem(
  key: string,
  kind: string,
  name: string | undefined,
  classes: readonly ClassInCluster[] | undefined,
): string[] {
  if (classes === undefined) return [];
  const known = classes.map((one) => one.name).toSorted();
  const there = known.length === 0 ? "it has none" : `it has ${known.join(", ")}`;
  if (name === undefined) {
    if (classes.some(({ isDefault }) => isDefault)) return [];
    return [`${key} is not set, and the cluster has no default ${kind}; ${there}: name one`];
  }
  if (known.includes(name)) return [];
  return [`${key}: the cluster has no ${kind} ${name}; ${there}`];
}

function schedulingProblems(
  { training, gpu }: KubernetesConfig,
  { priorityClasses, runtimeClasses }: ClusterState,
): string[] {
  const problems: string[] = [];
  const priority = training.priorityClass;
  if (priority !== undefined && priorityClasses && !priorityClasses.includes(priority)) {
    problems.push(
      `updraft:training.priorityClass: the cluster has no PriorityClass ${priority}; it has ${priorityClasses.toSorted().join(", ")}`,
    );
  }
  const runtime = gpu?.runtimeClass;
  if (
    runtime &&
    runtime.handler === undefined &&
    runtimeClasses?.includes(runtime.name) === false
  ) {
    problems.push(
      `updraft:gpu.runtimeClass.name: the cluster has no RuntimeClass ${runtime.name}; install it, or set its handler to have the stack make it`,
    );
  }
  return problems;
}

function nodeProblems(
  { gpu }: KubernetesConfig,
  nodes: readonly NodeInCluster[] | undefined,
): string[] {
  if (!gpu?.nodes || nodes === undefined) return [];
  const { names, selector } = gpu.nodes;
  const known = nodes.map(({ name }) => name).join(", ");
  if (names) {
    return names
      .filter((name) => !nodes.some((node) => node.name === name))
      .map((name) => `updraft:gpu.nodes.names: there is no node ${name}; there is ${known}`);
  }
  if (nodes.some((node) => isSelected(node, selector))) return [];
  const wanted = Object.entries(selector ?? {}).map(([key, value]) => `${key}=${value}`);
  return [
    `updraft:gpu.nodes.selector: no node has ${wanted.join(" and ")}; label one, or name the nodes`,
  ];
}

/** Whether a node has all labels of a selector. */
export function isSelected(
  { labels }: Pick<NodeInCluster, "labels">,
  selector: Readonly<Record<string, string>> = {},
): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
