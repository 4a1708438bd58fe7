import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesConfig } from "../../../config/config.ts";
import { ConfigError } from "../../../config/config-error.ts";
import type { PromotionPlan } from "../../../platform.ts";
import { ClusterConnection } from "../../cluster/cluster-connection.ts";
import { clusterAccess } from "../../cluster/cluster-stack.ts";
import { namespaceOf } from "../../environment/environment.ts";
import { calledAddress, isStackStore, serviceAt } from "./source-address.ts";
import { sourceBundle } from "./source-bundle.ts";
import { sourceProblem, type SourceInCluster } from "./source-problem.ts";

/**
 * Makes sure that the pod of a promotion can fetch its package, and takes along a package that lies
 * in a folder of this machine.
 * @param stack that promotes
 * @throws {ConfigError} if the package is missing or another one, or no pod would reach it
 */
export async function bringPackage(
  stack: string,
  config: KubernetesConfig,
  plan: PromotionPlan,
): Promise<PromotionPlan> {
  const { uri } = plan.source.release;
  if (uri.startsWith("file:")) return { ...plan, bundle: await sourceBundle(plan.source) };
  if (process.env["UPDRAFT_RENDER"] === "true") return plan;
  const address = calledAddress({ uri, variables: await valueOf(plan.sourceVariables) });
  const { clusterDomain } = config.kubernetes;
  const service = address === undefined ? undefined : serviceAt(address, clusterDomain);
  const problem = sourceProblem({
    stack,
    source: plan.source.stack,
    namespace: namespaceOf(stack, config),
    address,
    service,
    isStackStore: service !== undefined && isStackStore(uri, service),
    inCluster: service && (await sourceInCluster(stack, config, service.namespace)),
  });
  if (problem !== undefined) throw new ConfigError([`updraft:promotion.fromStack: ${problem}`]);
  return plan;
}

/** What the cluster tells of the namespaces on both sides. */
async function sourceInCluster(
  stack: string,
  config: KubernetesConfig,
  namespace: string,
): Promise<SourceInCluster> {
  const cluster = await ClusterConnection.open(await clusterAccess(config));
  const policies = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
  const [there, policy, own] = await Promise.all([
    cluster.get(`/api/v1/namespaces/${namespace}`),
    cluster.get(`${policies}/store`),
    cluster.get(`/api/v1/namespaces/${namespaceOf(stack, config)}`),
  ]);
  return { there, policy, own };
}

/** What a stack has told is known before anything is started. */
function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
