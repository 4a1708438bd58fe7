import type { ClusterFacts } from "./cluster-facts.ts";
import { environmentOf, factsOf } from "./cluster-facts.ts";
import { up } from "./cluster.ts";
import { machineProblem } from "./machine/problem.ts";

/** A cluster for tests, and the environment in which programs use it. */
export interface TestCluster extends ClusterFacts {
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The cluster that the environment names, or else the one of this machine, which is started if it is
 * not up and stays up.
 */
export async function testCluster(): Promise<TestCluster> {
  const facts = factsOf(process.env) ?? (await up());
  return { ...facts, env: environmentOf(facts) };
}

/** Why there is no cluster for tests here: the reason to skip them. */
export function clusterProblem(): string | undefined {
  return factsOf(process.env) === undefined ? machineProblem() : undefined;
}
