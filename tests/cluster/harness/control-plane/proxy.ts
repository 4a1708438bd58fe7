import { join } from "node:path";
import { addresses, nodes } from "../addresses.ts";
import { paths } from "../paths.ts";
import { kubeconfigOf } from "../pki/kubeconfig.ts";
import type { Daemon } from "../processes/supervisor.ts";

const file = join(paths.configs, "proxy.json");

/**
 * kube-proxy, one for both nodes: they share this machine's network. Node ports answer on
 * 127.0.0.1 too, which is how a test reaches a service as somebody outside would.
 */
export function proxyConfig(healthPort: number, metricsPort: number): string {
  return JSON.stringify({
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    bindAddress: addresses.apiserver,
    healthzBindAddress: `127.0.0.1:${healthPort}`,
    metricsBindAddress: `127.0.0.1:${metricsPort}`,
    clientConnection: { kubeconfig: kubeconfigOf("proxy") },
    clusterCIDR: addresses.pods,
    hostnameOverride: nodes[0]?.name,
    mode: "iptables",
    nodePortAddresses: ["127.0.0.0/8", addresses.nodes],
    iptables: { minSyncPeriod: "100ms", syncPeriod: "30s", localhostNodePorts: true },
    // The machine's own table of connections stays as it is.
    conntrack: { maxPerCore: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  });
}

/** Where the configuration is written to. */
export const proxyConfigFile = file;

/** @param folder of Kubernetes' programs */
export function proxy(folder: string): Daemon {
  return {
    name: "kube-proxy",
    command: join(folder, "kube-proxy"),
    args: [`--config=${file}`, "--v=2"],
  };
}
