import * as pulumi from "@pulumi/pulumi";
import type { KubernetesConfig } from "../../config/config.ts";
import { ConfigError } from "../../config/config-error.ts";
import { trackerFinding } from "../../tracker-preflight.ts";
import { ClusterConnection, NoClusterError } from "./cluster-connection.ts";
import type { ClusterFacts } from "./cluster-facts.ts";
import { clusterProblems, isSelected } from "./cluster-problems.ts";
import { clusterAccess } from "./cluster-stack.ts";
import { clusterState, type ClusterState, type NodeInCluster } from "./cluster-state.ts";
import { dockerProblem } from "./docker-problem.ts";

/** What is known where manifests are only rendered. */
const nothingAsked: ClusterFacts = {
  isReachable: false,
  apiServer: undefined,
  gpuNodes: [],
  nodeTaints: {},
  runs: [],
};

/**
 * Looks for what would stop an update halfway, in the cluster, at Docker and at a tracker that is
 * there already, before anything is started.
 * @throws {ConfigError} with every problem at once
 */
export async function preflight(stack: string, config: KubernetesConfig): Promise<ClusterFacts> {
  if (process.env["UPDRAFT_RENDER"] === "true") return nothingAsked;
  // Before the others: it loads the client, and who waits for an answer meanwhile waits too long.
  const connection = await connectionOf(config);
  const [cluster, docker, tracker] = await Promise.all([
    askCluster(connection, stack, config),
    dockerProblem(config),
    trackerProblems(config),
  ]);
  const problems = [...cluster.problems, ...(docker === undefined ? [] : [docker]), ...tracker];
  if (problems.length > 0 || cluster.state === undefined) throw new ConfigError(problems);
  return { ...factsOf(config, cluster.state), kubeconfig: cluster.kubeconfig };
}

interface Asked {
  readonly state?: ClusterState;
  readonly kubeconfig?: string | undefined;
  readonly problems: readonly string[];
}

async function connectionOf(config: KubernetesConfig): Promise<ClusterConnection | NoClusterError> {
  try {
    return await ClusterConnection.open(await clusterAccess(config));
  } catch (error) {
    if (error instanceof NoClusterError) return error;
    throw error;
  }
}

async function askCluster(
  connection: ClusterConnection | NoClusterError,
  stack: string,
  config: KubernetesConfig,
): Promise<Asked> {
  if (connection instanceof NoClusterError) return { problems: [connection.message] };
  try {
    const state = await clusterState(connection, stack, config);
    const { kubeconfig } = connection.access;
    return { state, kubeconfig, problems: clusterProblems(stack, config, state) };
  } catch (error) {
    if (error instanceof NoClusterError) return { problems: [error.message] };
    throw error;
  }
}

/** A tracker that only pods reach is none that could be asked from here. */
async function trackerProblems(config: KubernetesConfig): Promise<string[]> {
  const finding = await trackerFinding(config);
  if (finding === undefined) return [];
  if (!finding.isAway) return [finding.problem];
  await pulumi.log.warn(`${finding.problem}; it is used if pods can reach it`);
  return [];
}

function factsOf({ gpu }: KubernetesConfig, state: ClusterState): ClusterFacts {
  const nodes = state.nodes ?? [];
  const selector = gpu?.nodes?.selector;
  const selected = selector ? nodes.filter((node) => isSelected(node, selector)) : [];
  const named = gpu?.nodes?.names ?? [];
  const pool = nodes.filter((node) => selected.includes(node) || named.includes(node.name));
  return {
    isReachable: true,
    apiServer: state.apiServer,
    gpuNodes: selected.map(({ name }) => name),
    nodeTaints: Object.fromEntries(pool.map(({ name, taints }: NodeInCluster) => [name, taints])),
    runs: state.runs,
  };
}
