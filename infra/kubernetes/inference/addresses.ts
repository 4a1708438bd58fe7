import type { KubernetesConfig } from "../../config/config.ts";
import { ingressUrl } from "../part-service.ts";

/** Where a Service is reached from outside, as the cluster says it. */
export interface BalancerAddress {
  readonly ip?: string | undefined;
  readonly hostname?: string | undefined;
}

/**
 * Address of the server's page, without a slash at its end: the host of the way in, the address of
 * a balancer, and without either the one that pods use.
 */
export function inferenceUrl(args: {
  readonly settings: Pick<KubernetesConfig["inference"], "gateway" | "ingress">;
  readonly balancer?: BalancerAddress | undefined;
  /** Address of the Service in the cluster. */
  readonly inCluster: string;
}): string {
  const { balancer, inCluster } = args;
  const { gateway, ingress } = args.settings;
  if (ingress) return ingressUrl(ingress);
  if (gateway) return `${gateway.tls ? "https" : "http"}://${gateway.host}`;
  if (balancer?.hostname) return `http://${balancer.hostname}`;
  if (balancer?.ip) return `http://${bracketed(balancer.ip)}`;
  return inCluster;
}

function bracketed(ip: string): string {
  return ip.includes(":") ? `[${ip}]` : ip;
}
