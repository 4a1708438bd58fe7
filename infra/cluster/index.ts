import * as pulumi from "@pulumi/pulumi";
import { reportProblems } from "../report-problems.ts";
import { gpuNodes } from "./cluster.ts";
import { clusterOf } from "./cluster-of.ts";
import { clusterName, parseClusterConfig } from "./config/parse-cluster-config.ts";
import { costs } from "./costs/cost-per-hour.ts";
import { missingPrices } from "./costs/missing-prices.ts";

const { config, cluster } = await reportProblems(async () => {
  const parsed = parseClusterConfig(pulumi.runtime.allConfig());
  const name = clusterName(pulumi.getStack(), parsed);
  return { config: parsed, cluster: await clusterOf(name, parsed) };
});

// What it costs, where the prices are known.
const known = costs(config);
if ("missing" in known) await pulumi.log.warn(missingPrices(known.missing));

export const { name, endpoint, kubeconfig } = cluster;
// What a cluster has not is null: the engine warns of what is undefined.
export const gpu = gpuNodes(config) ?? null;
export const costPerHour = ("missing" in known ? undefined : known.perHour) ?? null;
