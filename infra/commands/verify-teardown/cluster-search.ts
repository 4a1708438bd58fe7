import type { KubernetesConfig } from "../../config/config.ts";
import { Kubernetes } from "../../config/kubernetes.ts";
import { NoClusterError } from "../../kubernetes/cluster/cluster-connection.ts";
import { namespaceOf } from "../../kubernetes/environment/environment.ts";
import { CommandError } from "../support/run-command.ts";
import { accessOf } from "./cluster-access.ts";
import { clusterFindings, type ClusterPlace } from "./cluster-findings.ts";
import { keepingKey } from "./keeping-key.ts";
import { nothingFound, type Findings } from "./leftover.ts";

/**
 * Looks for a stack in the cluster that its configuration names.
 * @throws {CommandError} if it cannot be asked
 */
export async function searchCluster(stack: string, config: KubernetesConfig): Promise<Findings> {
  try {
    return await clusterFindings(clusterPlace(stack, config), await accessOf(config));
  } catch (error) {
    if (!(error instanceof NoClusterError)) throw error;
    throw new CommandError(`${stack} cannot be looked for. ${error.message}`, { cause: error });
  }
}

/** Looks for a stack without a configuration in the cluster that there is, if there is one. */
export async function searchClusterByName(stack: string): Promise<Findings> {
  const place: ClusterPlace = {
    stack,
    namespace: namespaceOf(stack, { kubernetes: Kubernetes.parse({}) }),
    ownsNamespace: true,
    keptBy: undefined,
    marksNodes: false,
  };
  try {
    return await clusterFindings(place, {});
  } catch (error) {
    if (!(error instanceof NoClusterError)) throw error;
    return { ...nothingFound, unseen: [`a cluster: ${error.message}`] };
  }
}

function clusterPlace(stack: string, config: KubernetesConfig): ClusterPlace {
  return {
    stack,
    namespace: namespaceOf(stack, config),
    ownsNamespace: config.kubernetes.createNamespace,
    keptBy: keepingKey(config),
    marksNodes: config.gpu?.nodes !== undefined,
  };
}
