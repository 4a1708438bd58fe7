import type { CloudConfig, ClusterConfig, Provider } from "./cluster-config.ts";
import { cpusOf } from "./cpus-of.ts";
import type { GpuPool } from "./gpu-pool.ts";
import { acceleratorOf } from "./accelerator-of.ts";

/** Why a provider has not an option that others have, by `<provider>.<key>`. */
const reasons: Readonly<Record<string, string>> = {
  "kind.gpuPools":
    "kind's nodes are containers of this machine, and there are no machines to add or to give back",
  "existing.gpuPools": "its node pools are made where the cluster is made",
  "eks.nodes.min":
    "nodes of EKS Auto Mode come with the pods that need them and go with them; there is no least number",
  "eks.gpuPools.maxPrice":
    "EKS Auto Mode pays the spot price, which is never more than the list price; name cheaper machines instead",
  "gke.gpuPools.maxPrice":
    "Google sets the price of spot machines for all; there is no bidding, and it is always below the list price",
  "gke.gpuPools.machines": "a node pool of GKE has one type of machine; make a pool of each",
  "aks.gpuPools.machines": "a node pool of AKS has one type of machine; make a pool of each",
  "eks.gpuPools.accelerator": "on AWS the GPU comes with the type of the machine",
  "aks.gpuPools.accelerator": "on Azure the GPU comes with the type of the machine",
};

/** Why a key is not one of a provider's, where that is worth saying. */
export function reasonAgainst(provider: Provider, key: string): string | undefined {
  return reasons[`${provider}.${key}`];
}

/**
 * What a configuration asks of a provider that it has not, and what does not fit together.
 * @param prefix of the keys: `cluster:`
 */
export function optionProblems(prefix: string, config: ClusterConfig): string[] {
  if (config.provider === "existing" || config.provider === "kind") return [];
  return [
    ...nodeProblems(prefix, config),
    ...config.gpuPools.flatMap((pool, index) =>
      poolProblems(`${prefix}gpuPools.${index}`, config.provider, pool),
    ),
    ...tagProblems(prefix, config),
  ];
}

function nodeProblems(prefix: string, { provider, nodes }: CloudConfig): string[] {
  if (provider === "eks") {
    const problems: string[] = [];
    if (nodes.min !== undefined) {
      problems.push(unavailable(`${prefix}nodes.min`, provider, "nodes.min"));
    }
    if (cpusOf(nodes.machine) === undefined) {
      problems.push(
        `${prefix}nodes.machine ${nodes.machine} is none that the limit of ${prefix}nodes.max can be counted in; name one of the sizes large, xlarge, 2xlarge and so on`,
      );
    }
    return problems;
  }
  if (nodes.min === undefined || nodes.min <= nodes.max) return [];
  return [
    `${prefix}nodes.min ${nodes.min} is above ${prefix}nodes.max ${nodes.max}; raise max or lower min`,
  ];
}

function poolProblems(place: string, provider: Provider, pool: GpuPool): string[] {
  const problems: string[] = [];
  const check = (key: keyof GpuPool, isAsked: boolean) => {
    const reason = reasonAgainst(provider, `gpuPools.${key}`);
    if (isAsked && reason)
      problems.push(unavailable(`${place}.${key}`, provider, `gpuPools.${key}`));
  };
  check("machines", pool.machines.length > 1);
  check("accelerator", pool.accelerator !== undefined);
  check("maxPrice", pool.maxPrice !== undefined);
  if (provider === "gke" && acceleratorOf(pool) === undefined) {
    problems.push(
      `${place}.accelerator is missing: ${pool.machines.join(", ")} comes without a GPU; set it to one such as nvidia-tesla-t4`,
    );
  }
  if (pool.maxPrice !== undefined && !pool.spot) {
    problems.push(
      `${place}.maxPrice does nothing: only spot machines have a price that moves; set spot: true too, or remove it`,
    );
  }
  return problems;
}

/** Google's labels hold less than the tags of the others. */
function tagProblems(prefix: string, { provider, tags }: CloudConfig): string[] {
  if (provider !== "gke") return [];
  return Object.entries(tags)
    .filter(([, value]) => !/^[a-z0-9_-]{0,63}$/.test(value))
    .map(
      ([key, value]) =>
        `${prefix}tags.${key} ${value} is no value of a label of Google's: lower-case letters, digits, dashes and underscores, 63 at most`,
    );
}

function unavailable(place: string, provider: Provider, key: string): string {
  return `${place} is not to be had of ${provider}: ${reasonAgainst(provider, key)}`;
}
