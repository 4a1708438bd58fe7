import { readFile } from "node:fs/promises";
import { clusterFindings } from "../../../infra/commands/verify-teardown/cluster-findings.ts";

/**
 * Everything in a cluster that is a stack's: objects of every kind with its label, in whatever
 * namespace, its namespace, volumes that one of its claims had, labels and taints of nodes; and
 * what could not be looked at.
 * @returns a line for each
 */
export async function leftoversOf(
  kubeconfig: string,
  stack: string,
  namespace: string,
): Promise<string[]> {
  const place = {
    stack,
    namespace,
    ownsNamespace: true,
    keptBy: undefined,
    marksNodes: true,
  };
  const access = { kubeconfig: await readFile(kubeconfig, "utf8") };
  const { leftovers, unseen } = await clusterFindings(place, access);
  return [...leftovers.map(({ kind, name, where }) => `${kind} ${name} ${where}`), ...unseen];
}
