import { gpuNodeLabel, gpuTaint } from "../../kubernetes/gpu/pool.ts";
import type { AksConfig } from "../config/cluster-config.ts";
import type { GpuPool } from "../config/gpu-pool.ts";

/** What every node has, whatever it is for. */
function everyNode({ tags, network }: Pick<AksConfig, "tags" | "network">) {
  return {
    type: "VirtualMachineScaleSets",
    osType: "Linux",
    enableAutoScaling: true,
    enableNodePublicIP: false,
    tags,
    ...(network === undefined ? {} : { vnetSubnetID: network.subnetId }),
  };
}

/** The pool for the cluster's and the platform's own pods, which a cluster cannot be made without. */
export function platformPool(config: AksConfig) {
  const { machine, min, max } = config.nodes;
  return {
    ...everyNode(config),
    name: "platform",
    mode: "System",
    vmSize: machine,
    count: min,
    minCount: min,
    maxCount: max,
  };
}

/**
 * A pool with GPUs that the autoscaler grows from nothing. AKS itself adds a taint to the nodes of
 * spot pools.
 */
export function gpuPool(pool: GpuPool, config: AksConfig) {
  return {
    ...everyNode(config),
    agentPoolName: pool.name,
    mode: "User",
    vmSize: pool.machines[0] ?? "",
    count: 0,
    minCount: 0,
    maxCount: pool.max,
    gpuProfile: { driver: "Install" },
    nodeLabels: { ...gpuNodeLabel },
    nodeTaints: [`${gpuTaint.key}=${gpuTaint.value}:${gpuTaint.effect}`],
    ...(pool.spot
      ? {
          scaleSetPriority: "Spot",
          scaleSetEvictionPolicy: "Delete",
          // -1: up to the list price.
          spotMaxPrice: pool.maxPrice ?? -1,
        }
      : {}),
  };
}
