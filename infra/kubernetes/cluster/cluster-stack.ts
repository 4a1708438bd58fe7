import * as pulumi from "@pulumi/pulumi";
import { messageOf } from "@updraft/contracts/message-of";
import type { KubernetesConfig } from "../../config/config.ts";
import { stacksOfBackend } from "../../stacks-of-backend.ts";
import { NoClusterError, type ClusterAccess } from "./cluster-connection.ts";

const key = "updraft:kubernetes.clusterStack";
const outputName = "kubeconfig";

/**
 * How a stack reaches its cluster.
 * @throws {NoClusterError} if the stack that has made the cluster does not tell
 */
export async function clusterAccess({ kubernetes }: KubernetesConfig): Promise<ClusterAccess> {
  const { clusterStack, context } = kubernetes;
  if (clusterStack === undefined) return { context };
  return { kubeconfig: await kubeconfigOf(clusterStack) };
}

/** Stacks that were read already: a program may refer to one only once. */
const read = new Map<string, Promise<string>>();

/**
 * The kubeconfig that a stack which has made a cluster tells: a secret, whatever it says itself.
 * @param clusterStack of another program, such as `organization/updraft-cluster/gpu`
 * @throws {NoClusterError} if there is no such stack, or it tells none
 */
function kubeconfigOf(clusterStack: string): Promise<string> {
  const known = read.get(clusterStack) ?? readKubeconfigOf(clusterStack);
  read.set(clusterStack, known);
  return known;
}

async function readKubeconfigOf(clusterStack: string): Promise<string> {
  // The engine would end the program, and not say which key is meant.
  const missing = missingStack(clusterStack, await stacksOfBackend("all"));
  if (missing !== undefined) throw new NoClusterError(missing);
  const reference = new pulumi.StackReference("cluster", { name: clusterStack });
  return kubeconfigIn(clusterStack, await outputOf(reference, clusterStack));
}

/**
 * What is wrong with the name of a stack; nothing where it is there, or only the engine can tell.
 * @param stacks of the backend: those of this project by their names, others in full
 */
export function missingStack(
  clusterStack: string,
  stacks: readonly string[] | undefined,
): string | undefined {
  if (stacks === undefined || stacks.includes(clusterStack)) return undefined;
  const others = stacks.filter((name) => name.includes("/"));
  // A backend may leave the organization out where it is the user's own.
  const short = clusterStack.split("/").slice(-2).join("/");
  if (short.includes("/") && others.some((name) => name === short || name.endsWith(`/${short}`))) {
    return undefined;
  }
  const there = others.length === 0 ? "there is none of another program" : others.join(", ");
  return `${key}: there is no stack ${clusterStack} in this backend (${there}); bring the cluster up first, or name its stack as organization/project/stack`;
}

/** @throws {NoClusterError} if it is none that a client could use */
export function kubeconfigIn(clusterStack: string, output: unknown): string {
  if (typeof output === "string" && output.trim() !== "") return output;
  if (typeof output === "object" && output !== null) return JSON.stringify(output);
  throw new NoClusterError(
    `${key}: ${clusterStack} has no output ${outputName}; bring it up, or name a stack that makes a cluster and tells how to reach it`,
  );
}

async function outputOf(reference: pulumi.StackReference, clusterStack: string): Promise<unknown> {
  try {
    const { value, secretValue } = await reference.getOutputDetails(outputName);
    return secretValue ?? value;
  } catch (error) {
    throw new NoClusterError(
      `${key}: the outputs of ${clusterStack} cannot be read (${messageOf(error)}); a secret of another stack is read with that stack's passphrase or key`,
      { cause: error },
    );
  }
}
