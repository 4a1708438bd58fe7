import type * as pulumi from "@pulumi/pulumi";
import { gpuNodeLabel, gpuTaint, spotTaint } from "../kubernetes/gpu/pool.ts";
import type { ClusterConfig } from "./config/cluster-config.ts";

/** What every provider's cluster gives. */
export interface Cluster {
  readonly name: pulumi.Output<string>;
  /** `https://host:port` of the API server. */
  readonly endpoint: pulumi.Output<string>;
  /** YAML with one context; secret. */
  readonly kubeconfig: pulumi.Output<string>;
}

/** How pods get onto the nodes of the GPU pools. */
export interface GpuNodes {
  /** On every node of the pools; `updraft:gpu` selects by it. */
  readonly label: typeof gpuNodeLabel;
  /** On every node of the pools; `updraft:gpu` tolerates it. */
  readonly taint: typeof gpuTaint;
  /** What AKS adds to the nodes of spot pools; `updraft:gpu` tolerates it as well. */
  readonly spotTaint?: typeof spotTaint;
  /** Whether `updraft:gpu.devicePlugin` has to bring NVIDIA's device plugin. */
  readonly devicePlugin: boolean;
  /** Names of the pools. */
  readonly pools: readonly string[];
}

/** The GPU nodes of a cluster; none of one that has no pools, or pools that were made elsewhere. */
export function gpuNodes(config: ClusterConfig): GpuNodes | undefined {
  if (config.provider === "existing" || config.provider === "kind") return undefined;
  if (config.gpuPools.length === 0) return undefined;
  const hasSpotTaint = config.provider === "aks" && config.gpuPools.some(({ spot }) => spot);
  return {
    label: gpuNodeLabel,
    taint: gpuTaint,
    ...(hasSpotTaint ? { spotTaint } : {}),
    // EKS Auto Mode and GKE bring it themselves.
    devicePlugin: config.provider === "aks",
    pools: config.gpuPools.map(({ name }) => name),
  };
}
