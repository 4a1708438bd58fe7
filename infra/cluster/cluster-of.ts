import type { Cluster } from "./cluster.ts";
import type { ClusterConfig } from "./config/cluster-config.ts";

/**
 * Makes the cluster of a configuration; of the providers' SDKs only the one that it needs is loaded.
 * @param name of a cluster that is made
 */
export async function clusterOf(name: string, config: ClusterConfig): Promise<Cluster> {
  switch (config.provider) {
    case "existing":
      return (await import("./existing/existing-cluster.ts")).existingCluster(config);
    case "kind":
      return (await import("./kind/kind-cluster.ts")).kindCluster(name, config);
    case "eks":
      return (await import("./eks/eks-cluster.ts")).eksCluster(name, config);
    case "gke":
      return (await import("./gke/gke-cluster.ts")).gkeCluster(name, config);
    case "aks":
      return (await import("./aks/aks-cluster.ts")).aksCluster(name, config);
  }
}
