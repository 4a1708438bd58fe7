import { messageOf } from "@updraft/contracts/message-of";
import type { KubernetesConfig } from "../../config/config.ts";
import { NoClusterError, type ClusterAccess } from "../../kubernetes/cluster/cluster-connection.ts";
import { kubeconfigIn } from "../../kubernetes/cluster/cluster-stack.ts";
import { openWorkspace } from "../support/project.ts";

/**
 * How a stack reaches its cluster, for a command outside of its program.
 * @throws {NoClusterError} if the stack that has made the cluster does not tell
 */
export async function accessOf({ kubernetes }: KubernetesConfig): Promise<ClusterAccess> {
  const { clusterStack, context } = kubernetes;
  if (clusterStack === undefined) return { context };
  const workspace = await openWorkspace();
  const outputs = await workspace.stackOutputs(clusterStack).catch((error: unknown) => {
    throw new NoClusterError(
      `updraft:kubernetes.clusterStack: the outputs of ${clusterStack} cannot be read (${messageOf(error)})`,
      { cause: error },
    );
  });
  return { kubeconfig: kubeconfigIn(clusterStack, outputs["kubeconfig"]?.value) };
}
