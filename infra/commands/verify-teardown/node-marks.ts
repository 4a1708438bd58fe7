import type { ClusterConnection } from "../../kubernetes/cluster/cluster-connection.ts";
import { gpuNodeLabel, gpuTaint } from "../../kubernetes/gpu/pool.ts";
import { stackLabel } from "../../kubernetes/labels.ts";
import { objectsOf } from "./cluster-objects.ts";
import type { Leftover } from "./leftover.ts";

/** Prefix of the labels that are the platform's own. */
const ownPrefix = `${stackLabel.split("/")[0]}/`;

/**
 * Labels and taints that a pool of GPU nodes leaves on nodes. They name no stack: while another
 * stack is in the cluster they may be its own, and are not counted.
 */
export async function nodeMarks(cluster: ClusterConnection, stack: string): Promise<Leftover[]> {
  const core = "/api/v1";
  const labelSelector = `${stackLabel},${stackLabel}!=${stack}`;
  const [nodes, others] = await Promise.all([
    objectsOf(cluster, { base: core, plural: "nodes" }),
    objectsOf(cluster, { base: core, plural: "namespaces" }, { labelSelector }),
  ]);
  if (typeof nodes === "number" || typeof others === "number" || others.length > 0) return [];
  return nodes.flatMap(({ metadata: { name, labels }, spec }) => [
    ...Object.keys(labels ?? {})
      .filter((label) => label in gpuNodeLabel || label.startsWith(ownPrefix))
      .map((label) => markOf("label", label, name, cluster.context)),
    ...(spec?.taints ?? [])
      .filter(({ key, effect }) => key === gpuTaint.key && effect === gpuTaint.effect)
      .map(({ key, effect }) => markOf("taint", `${key}:${effect}`, name, cluster.context)),
  ]);
}

function markOf(kind: "label" | "taint", mark: string, node: string, context: string): Leftover {
  return {
    kind: `node ${kind}`,
    name: mark,
    where: `on node ${node}`,
    remedy: `kubectl --context ${context} ${kind} node ${node} ${mark}-`,
    isGoing: false,
  };
}
