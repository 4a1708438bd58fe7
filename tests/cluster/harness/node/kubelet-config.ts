import type { ClusterNode } from "../addresses.ts";
import { addresses } from "../addresses.ts";
import { nodeCgroup } from "../machine/cgroups.ts";
import { nodePaths, pkiFile } from "../paths.ts";

/** The configuration of the kubelet of one node; JSON, which is YAML too. */
export function kubeletConfig({ name, address }: ClusterNode, healthPort: number): string {
  const { containerdSocket, podLogs } = nodePaths(name);
  return JSON.stringify({
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address,
    port: 10_250,
    readOnlyPort: 0,
    healthzBindAddress: "127.0.0.1",
    healthzPort: healthPort,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pkiFile("ca.crt") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: pkiFile(`kubelet-${name}.crt`),
    tlsPrivateKeyFile: pkiFile(`kubelet-${name}.key`),
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: nodeCgroup(name),
    failCgroupV1: false,
    failSwapOn: false,
    clusterDNS: [addresses.dns],
    clusterDomain: "cluster.local",
    resolvConf: "/etc/resolv.conf",
    podLogsDir: podLogs,
    makeIPTablesUtilChains: false,
    // Neither a full disk of the machine nor its other programs are this cluster's business.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: {
      "memory.available": "100Mi",
      "nodefs.available": "1%",
      "imagefs.available": "1%",
      "nodefs.inodesFree": "1%",
    },
    syncFrequency: "10s",
    nodeStatusUpdateFrequency: "5s",
    serializeImagePulls: false,
    shutdownGracePeriod: "0s",
    localStorageCapacityIsolation: true,
  });
}
