import { eachOf } from "@updraft/contracts/each-of";
import {
  ClusterConnection,
  type ClusterAccess,
} from "../../kubernetes/cluster/cluster-connection.ts";
import { stackLabel } from "../../kubernetes/labels.ts";
import { clusterKinds, requestsAtOnce, type ClusterKind } from "./cluster-kinds.ts";
import { clusterLeftover, identityOf, type Found } from "./cluster-leftover.ts";
import { objectsOf, type ClusterObject } from "./cluster-objects.ts";
import type { Findings } from "./leftover.ts";
import { nodeMarks } from "./node-marks.ts";

/** Where a stack of target `kubernetes` is. */
export interface ClusterPlace {
  readonly stack: string;
  readonly namespace: string;
  /** Whether the namespace is the stack's own, with all that is in it. */
  readonly ownsNamespace: boolean;
  /** The key of the configuration for which volumes stay; nothing if they go with the stack. */
  readonly keptBy: string | undefined;
  /** Whether the stack may have marked nodes. */
  readonly marksNodes: boolean;
}

/** Names of what a cluster itself puts into every namespace. */
const clusterMade = new Set(["ServiceAccount/default", "ConfigMap/kube-root-ca.crt"]);

/**
 * What a cluster has of a stack: objects of every kind with its label, in whatever namespace,
 * whatever lies in its namespace, volumes of its claims, and marks of nodes.
 * @throws {NoClusterError} if there is no cluster to ask
 */
export async function clusterFindings(
  place: ClusterPlace,
  access: ClusterAccess,
): Promise<Findings> {
  const cluster = await ClusterConnection.open(access);
  const { kinds, unseen } = await clusterKinds(cluster);
  const found = new Map<string, Found>();
  await eachOf(kinds, requestsAtOnce, async (kind) => {
    if (kind.kind === "Node") return;
    const { objects, problem } = await stackObjects(cluster, kind, place);
    if (problem !== undefined) unseen.push(problem);
    for (const object of objects) found.set(object.metadata.uid, { kind, object });
  });
  const sorted = [...found.values()].toSorted((a, b) => compare(identity(a), identity(b)));
  const isKept = (one: Found) => place.keptBy !== undefined && isData(one);
  // What stays takes nothing along.
  const there = new Set(sorted.filter((one) => !isKept(one)).map(identity));
  const leftoverOf = (one: Found) => clusterLeftover(one, cluster.context, there);
  return {
    leftovers: [
      ...sorted.filter((one) => !isKept(one)).map(leftoverOf),
      ...(place.marksNodes ? await nodeMarks(cluster, place.stack) : []),
    ],
    kept: sorted.filter(isKept).map(leftoverOf),
    unseen: unseen.toSorted(),
  };
}

async function stackObjects(
  cluster: ClusterConnection,
  kind: ClusterKind,
  place: ClusterPlace,
): Promise<{ readonly objects: readonly ClusterObject[]; readonly problem?: string }> {
  const { namespace } = place;
  if (kind.resource === "persistentvolumes") return volumes(cluster, kind, place);
  const labelSelector = `${stackLabel}=${place.stack}`;
  const [labelled, inside] = await Promise.all([
    objectsOf(cluster, kind, { labelSelector }),
    kind.namespaced ? objectsOf(cluster, kind, { namespace }) : [],
  ]);
  const own =
    typeof inside === "number" ? [] : inside.filter((object) => isOwn(kind, object, place));
  const namespaced = kind.resource === "namespaces" && place.ownsNamespace;
  const ofName = namespaced ? await namedObject(cluster, kind, namespace) : [];
  if (typeof labelled !== "number") return { objects: [...labelled, ...own, ...ofName] };
  // 404 and 405: a kind that has just gone, or that is listed in no way after all.
  if (labelled === 404 || labelled === 405) return { objects: own };
  const scope = kind.namespaced && typeof inside !== "number" ? ` outside of ${namespace}` : "";
  const problem = `${kind.resource}${scope}: the cluster answered ${labelled}`;
  return { objects: [...own, ...ofName], problem };
}

function isOwn(kind: ClusterKind, { metadata }: ClusterObject, place: ClusterPlace): boolean {
  if (metadata.labels?.[stackLabel] === place.stack) return true;
  return place.ownsNamespace && !clusterMade.has(`${kind.kind}/${metadata.name}`);
}

async function namedObject(
  cluster: ClusterConnection,
  kind: ClusterKind,
  name: string,
): Promise<readonly ClusterObject[]> {
  const all = await objectsOf(cluster, kind);
  return typeof all === "number" ? [] : all.filter(({ metadata }) => metadata.name === name);
}

/** Names of the claims that the platform makes. */
const claims = ["store", "tracker-database"];

/** Volumes carry no label of the stack: they are known by the claim that they are or were bound to. */
async function volumes(
  cluster: ClusterConnection,
  kind: ClusterKind,
  { namespace, ownsNamespace }: ClusterPlace,
): Promise<{ readonly objects: readonly ClusterObject[]; readonly problem?: string }> {
  const all = await objectsOf(cluster, kind);
  if (typeof all === "number") {
    return { objects: [], problem: `${kind.resource}: the cluster answered ${all}` };
  }
  const objects = all.filter(({ spec }) => {
    const claim = spec?.claimRef;
    return claim?.namespace === namespace && (ownsNamespace || claims.includes(claim.name));
  });
  return { objects };
}

/** Whether an object is one of those that outlive a stack which keeps its data. */
function isData({ kind }: Found): boolean {
  return ["namespaces", "persistentvolumeclaims", "persistentvolumes"].includes(kind.resource);
}

function identity({ kind, object: { metadata } }: Found): string {
  return identityOf(kind.kind, metadata.namespace, metadata.name);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
