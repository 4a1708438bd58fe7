import { byPath } from "@updraft/contracts/by-path";
import { z } from "zod";
import type { KubernetesConfig } from "../../config/config.ts";
import { namespaceOf } from "../environment/environment.ts";
import { stackLabel } from "../labels.ts";
import { specLabel } from "../training/run-spec.ts";
import type { Answer, ClusterConnection } from "./cluster-connection.ts";
import type { ClusterFacts, NodeTaint, RunInCluster } from "./cluster-facts.ts";
import { neededRights, rightReview, type Right } from "./needed-rights.ts";

/** A class of volumes or of ways in. */
export interface ClassInCluster {
  readonly name: string;
  readonly isDefault: boolean;
}

/**
 * What the checks before an update look at. Lists are undefined where this user may not see them:
 * then nothing is known against the configuration.
 */
export interface ClusterState {
  readonly address: string;
  /** As the server says it: `v1.36.3`; undefined if it lets nobody like this user in. */
  readonly version: string | undefined;
  readonly namespace:
    "missing" | "unknown" | { readonly stack: string | undefined; readonly isTerminating: boolean };
  /** Other stacks that have objects in the namespace. */
  readonly otherStacks: readonly string[];
  /** What this user may not do and the update needs. */
  readonly missingRights: readonly Right[];
  /** `serving.kserve.io/v1beta1`. */
  readonly apis: readonly string[] | undefined;
  readonly storageClasses: readonly ClassInCluster[] | undefined;
  readonly ingressClasses: readonly ClassInCluster[] | undefined;
  readonly priorityClasses: readonly string[] | undefined;
  readonly runtimeClasses: readonly string[] | undefined;
  /** Every node, where a pool is chosen from them, in the order of their names. */
  readonly nodes: readonly NodeInCluster[] | undefined;
  readonly apiServer: ClusterFacts["apiServer"];
  readonly runs: readonly RunInCluster[];
}

/** What a pool of nodes is chosen by, and what it may have been given before. */
export interface NodeInCluster {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
}

const Texts = z.record(z.string(), z.string()).default({});
const Meta = z.object({
  name: z.string(),
  labels: Texts,
  annotations: Texts,
  creationTimestamp: z.string().default(""),
  deletionTimestamp: z.string().optional(),
});
const Named = z.object({ metadata: Meta });
const List = z.object({ items: z.array(Named) });
const Nodes = z.object({
  items: z.array(
    z.object({
      metadata: Meta,
      spec: z
        .object({
          taints: z
            .array(z.object({ key: z.string(), value: z.string().optional(), effect: z.string() }))
            .nullish(),
        })
        .nullish(),
    }),
  ),
});
const Version = z.object({ gitVersion: z.string() });
const Groups = z.object({
  groups: z.array(z.object({ versions: z.array(z.object({ groupVersion: z.string() })) })),
});
const Review = z.object({ status: z.object({ allowed: z.boolean() }) });
const Slices = z.object({
  items: z.array(
    z.object({
      endpoints: z.array(z.object({ addresses: z.array(z.string()) })).nullish(),
      ports: z.array(z.object({ name: z.string().nullish(), port: z.int().nullish() })).nullish(),
    }),
  ),
});
const Jobs = z.object({
  items: z.array(
    z.object({
      metadata: Meta,
      status: z
        .object({
          conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish(),
        })
        .nullish(),
    }),
  ),
});

/**
 * Asks the cluster all that the checks before an update look at, at once.
 * @throws {NoClusterError} if it does not answer
 */
export async function clusterState(
  cluster: ClusterConnection,
  stack: string,
  config: KubernetesConfig,
): Promise<ClusterState> {
  const version = versionIn(await cluster.get("/version"));
  const namespace = namespaceOf(stack, config);
  const place = `/api/v1/namespaces/${namespace}`;
  const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const inStack = encodeURIComponent(`${stackLabel}=${stack},${specLabel}`);
  const inOthers = encodeURIComponent(`${stackLabel},${stackLabel}!=${stack}`);
  const slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
  const ofApiServer = encodeURIComponent("kubernetes.io/service-name=kubernetes");
  const answers = await Promise.all([
    cluster.get(place),
    cluster.get(`${place}/services?labelSelector=${inOthers}`),
    cluster.get("/apis"),
    cluster.get("/apis/storage.k8s.io/v1/storageclasses"),
    cluster.get("/apis/networking.k8s.io/v1/ingressclasses"),
    cluster.get("/apis/scheduling.k8s.io/v1/priorityclasses"),
    cluster.get("/apis/node.k8s.io/v1/runtimeclasses"),
    config.gpu?.nodes ? cluster.get("/api/v1/nodes") : notAsked,
    cluster.get(`${slices}?labelSelector=${ofApiServer}`),
    cluster.get(`${jobs}?labelSelector=${inStack}`),
  ]);
  const [there, services, apis, storage, ingress, priority, runtime, nodes, server, runs] = answers;
  return {
    address: cluster.address,
    version,
    namespace: namespaceIn(there),
    otherStacks: otherStacksIn(services),
    missingRights: version === undefined ? [] : await missingRights(cluster, namespace, config),
    apis: parsed(Groups, apis)?.groups.flatMap(({ versions }) =>
      versions.map(({ groupVersion }) => groupVersion),
    ),
    storageClasses: classesIn(storage, "storageclass.kubernetes.io/is-default-class"),
    ingressClasses: classesIn(ingress, "ingressclass.kubernetes.io/is-default-class"),
    priorityClasses: metadataIn(priority)?.map(({ name }) => name),
    runtimeClasses: metadataIn(runtime)?.map(({ name }) => name),
    nodes: nodesIn(nodes),
    apiServer: apiServerIn(server),
    runs: runsIn(runs),
  };
}

/** Of what no chapter needs. */
const notAsked: Answer = { status: 404, body: undefined };

async function missingRights(
  cluster: ClusterConnection,
  namespace: string,
  config: KubernetesConfig,
): Promise<Right[]> {
  const rights = neededRights(config);
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const allowed = await Promise.all(
    rights.map(async (right) => {
      const answer = await cluster.post(path, rightReview(right, namespace));
      return parsed(Review, answer)?.status.allowed ?? true;
    }),
  );
  return rights.filter((_, index) => allowed[index] === false);
}

function parsed<T>(schema: z.ZodType<T>, { status, body }: Answer): T | undefined {
  if (status >= 300) return undefined;
  const result = schema.safeParse(body);
  return result.success ? result.data : undefined;
}

function versionIn(answer: Answer): string | undefined {
  return parsed(Version, answer)?.gitVersion;
}

function namespaceIn(answer: Answer): ClusterState["namespace"] {
  if (answer.status === 404) return "missing";
  const meta = parsed(Named, answer)?.metadata;
  if (!meta) return "unknown";
  return { stack: meta.labels[stackLabel], isTerminating: meta.deletionTimestamp !== undefined };
}

function metadataIn(answer: Answer): z.infer<typeof Meta>[] | undefined {
  return parsed(List, answer)?.items.map(({ metadata }) => metadata);
}

function otherStacksIn(answer: Answer): string[] {
  const stacks = (metadataIn(answer) ?? []).map(({ labels }) => labels[stackLabel] ?? "");
  return [...new Set(stacks.filter((stack) => stack !== ""))].toSorted();
}

function classesIn(answer: Answer, defaultAnnotation: string): ClassInCluster[] | undefined {
  return metadataIn(answer)?.map(({ name, annotations }) => ({
    name,
    isDefault: annotations[defaultAnnotation] === "true",
  }));
}

function nodesIn(answer: Answer): NodeInCluster[] | undefined {
  return parsed(Nodes, answer)
    ?.items.map(({ metadata: { name, labels }, spec }) => ({
      name,
      labels,
      taints: spec?.taints ?? [],
    }))
    .toSorted(byPath(({ name }) => name));
}

/** Pods' packets go to these addresses after the Service's has been translated. */
function apiServerIn(answer: Answer): ClusterFacts["apiServer"] {
  const slices = parsed(Slices, answer)?.items ?? [];
  const addresses = slices.flatMap(({ endpoints }) =>
    (endpoints ?? []).flatMap((endpoint) => endpoint.addresses),
  );
  const port = slices.flatMap(({ ports }) => ports ?? []).find(({ port: one }) => one)?.port;
  if (addresses.length === 0 || port == null) return undefined;
  return { addresses: [...new Set(addresses)].toSorted(), port };
}

function runsIn(answer: Answer): RunInCluster[] {
  return (parsed(Jobs, answer)?.items ?? []).flatMap(({ metadata, status }) => {
    // One that is being deleted is none that an update could wait for.
    if (metadata.deletionTimestamp !== undefined) return [];
    const { name, labels, creationTimestamp } = metadata;
    const is = (type: string) =>
      (status?.conditions ?? []).some((one) => one.type === type && one.status === "True");
    const ended = is("Failed") ? "failed" : "unfinished";
    const state = is("Complete") ? "complete" : ended;
    return [{ name, spec: labels[specLabel] ?? "", state, createdAt: creationTimestamp }];
  });
}
