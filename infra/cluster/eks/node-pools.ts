import { gpuNodeLabel, gpuResource, gpuTaint } from "../../kubernetes/gpu/pool.ts";
import type { EksConfig } from "../config/cluster-config.ts";
import { cpusOf } from "../config/cpus-of.ts";
import type { GpuPool } from "../config/gpu-pool.ts";

/** A NodePool of Karpenter, which EKS Auto Mode runs. @see https://karpenter.sh/docs/concepts/nodepools/ */
export interface NodePool {
  readonly name: string;
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly nodeClassRef: typeof nodeClass;
        readonly requirements: readonly Requirement[];
        readonly taints?: readonly (typeof gpuTaint)[];
      };
    };
    readonly disruption: {
      readonly consolidationPolicy: "WhenEmpty" | "WhenEmptyOrUnderutilized";
      readonly consolidateAfter: string;
    };
    readonly limits: Readonly<Record<string, string>>;
  };
}

interface Requirement {
  readonly key: string;
  readonly operator: "In";
  readonly values: readonly string[];
}

/** How machines are set up; EKS makes it, with the subnets and the role of the cluster. */
const nodeClass = { group: "eks.amazonaws.com", kind: "NodeClass", name: "default" } as const;

/** Nodes for the platform's own pods: as many as they need, and no more than there may be. */
export function platformNodePool({ nodes }: Pick<EksConfig, "nodes">): NodePool {
  return {
    name: "platform",
    spec: {
      template: {
        metadata: { labels: {} },
        spec: { nodeClassRef: nodeClass, requirements: requirements([nodes.machine], false) },
      },
      disruption: { consolidationPolicy: "WhenEmptyOrUnderutilized", consolidateAfter: "60s" },
      limits: { cpu: String(nodes.max * (cpusOf(nodes.machine) ?? 0)) },
    },
  };
}

/** Nodes with GPUs that come with the first pod that needs one and go with the last. */
export function gpuNodePool({ name, machines, gpus, max, spot }: GpuPool): NodePool {
  return {
    name,
    spec: {
      template: {
        metadata: { labels: gpuNodeLabel },
        spec: {
          nodeClassRef: nodeClass,
          requirements: requirements(machines, spot),
          taints: [gpuTaint],
        },
      },
      // A training is not moved to save a node.
      disruption: { consolidationPolicy: "WhenEmpty", consolidateAfter: "60s" },
      limits: { [gpuResource]: String(max * gpus) },
    },
  };
}

function requirements(machines: readonly string[], spot: boolean): Requirement[] {
  return [
    { key: "node.kubernetes.io/instance-type", operator: "In", values: machines },
    { key: "karpenter.sh/capacity-type", operator: "In", values: [spot ? "spot" : "on-demand"] },
    { key: "kubernetes.io/arch", operator: "In", values: ["amd64"] },
  ];
}
