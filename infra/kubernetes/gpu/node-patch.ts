import type * as k8s from "@pulumi/kubernetes";
import type { NodeTaint } from "../cluster/cluster-facts.ts";
import { gpuNodeLabel, gpuTaint } from "./pool.ts";

/** What becomes of the taints of one of the pool's nodes. */
export interface PoolTaints {
  /** The whole list, as it is written; nothing where it is left alone. */
  readonly taints: readonly NodeTaint[] | undefined;
  /** Why the node has no taint of the pool, and what to do, for people. */
  readonly problem?: string;
}

/**
 * The taints of a node belong together: whoever applies one writes the whole list, and takes the
 * whole list along when it lets go of it. So the pool's taint is written only where no other is
 * meant to stay; elsewhere it is for whoever taints the node.
 * @param existing taints that the node has
 * @see decisions/023-taints-are-one-list.md
 */
export function poolTaints(node: string, existing: readonly NodeTaint[] = []): PoolTaints {
  const others = existing.filter(({ key, effect }) => {
    return key !== gpuTaint.key || effect !== gpuTaint.effect;
  });
  const isTainted = others.length < existing.length;
  // Those of conditions come and go, and their controller puts back what it needs.
  const staying = others.filter(({ key }) => !conditionTaint.test(key));
  if (isTainted) return { taints: staying.length === 0 ? [gpuTaint] : undefined };
  if (others.length === 0) return { taints: [gpuTaint] };
  const found = others.map((other) => `${other.key}:${other.effect}`).join(", ");
  if (staying.length === 0) {
    const problem = `node ${node} is cordoned or not ready (${found}); it gets the pool's taint from an update that finds it in service`;
    return { taints: undefined, problem };
  }
  const { key, value, effect } = gpuTaint;
  const problem = `node ${node} is tainted by others (${found}), and all taints of a node are one list; pods that need no GPU are kept away by kubectl taint node ${node} ${key}=${value}:${effect}`;
  return { taints: undefined, problem };
}

const conditionTaint = /^node(\.cloudprovider)?\.kubernetes\.io\//;

/** The label and the taint of a node of the pool; both go when the stack does. */
export function gpuNodePatch(
  node: string,
  taints: PoolTaints["taints"],
): k8s.core.v1.NodePatchArgs {
  return {
    metadata: { name: node, labels: gpuNodeLabel },
    ...(taints ? { spec: { taints: taints.map((taint) => ({ ...taint })) } } : {}),
  };
}
