import type { CloudPackages } from "../cloud-package.ts";
import type { GkeConfig } from "../config/cluster-config.ts";
import type { GpuPool } from "../config/gpu-pool.ts";
import { acceleratorOf } from "../config/accelerator-of.ts";
import { gpuNodeLabel, gpuTaint } from "../../kubernetes/gpu/pool.ts";

type NodePoolArgs = ConstructorParameters<CloudPackages["@pulumi/gcp"]["container"]["NodePool"]>[1];
/** How the machines of a pool are set up. */
export type NodeConfig = Exclude<NodePoolArgs["nodeConfig"], undefined>;

/** What every node has, whatever it is for. */
const everyNode = {
  imageType: "COS_CONTAINERD",
  oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
  // Pods take the identity of their ServiceAccount, and not the node's.
  workloadMetadataConfig: { mode: "GKE_METADATA" },
  metadata: { "disable-legacy-endpoints": "true" },
};

/** A node for the platform's own pods. */
export function platformNodeConfig({ nodes, tags }: GkeConfig) {
  return {
    ...everyNode,
    machineType: nodes.machine,
    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
    resourceLabels: tags,
  };
}

/** A node of a pool with GPUs. */
export function gpuNodeConfig(pool: GpuPool, { tags }: Pick<GkeConfig, "tags">) {
  return {
    ...everyNode,
    machineType: pool.machines[0] ?? "",
    guestAccelerators: [
      {
        type: acceleratorOf(pool) ?? "",
        count: pool.gpus,
        gpuDriverInstallationConfig: { gpuDriverVersion: "DEFAULT" },
      },
    ],
    spot: pool.spot,
    labels: { ...gpuNodeLabel },
    taints: [{ key: gpuTaint.key, value: gpuTaint.value, effect: "NO_SCHEDULE" }],
    // Secure boot refuses modules of the kernel that are not signed, as a driver's may be.
    shieldedInstanceConfig: { enableSecureBoot: false, enableIntegrityMonitoring: true },
    resourceLabels: tags,
  };
}
