import { describe, expect, it } from "vitest";
import { ConfigError } from "../config/config-error.ts";
import { gpuNodes } from "./cluster.ts";
import { clusterConfigs } from "./config/cluster-config.ts";
import { clusterName } from "./config/parse-cluster-config.ts";

const label = { "nvidia.com/gpu.present": "true" };
const taint = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };

describe("the GPU nodes of a cluster", () => {
  it("have the label and the taint that the platform knows, and a device plugin on EKS", () => {
    const gpuPools = [{ machines: ["g5.xlarge"], spot: true }];
    const eks = { provider: "eks", region: "us-east-1", gpuPools };
    expect(gpuNodes(clusterConfigs.eks.parse(eks))).toEqual({
      label,
      taint,
      devicePlugin: false,
      pools: ["gpu"],
    });
  });

  it("lack the device plugin on AKS, and have another taint there if they are spot machines", () => {
    const pool = { machines: ["Standard_NC4as_T4_v3"] };
    const aks = { provider: "aks", region: "eastus" };
    const onDemand = clusterConfigs.aks.parse({ ...aks, gpuPools: [pool] });
    expect(gpuNodes(onDemand)).toEqual({ label, taint, devicePlugin: true, pools: ["gpu"] });
    const spot = clusterConfigs.aks.parse({ ...aks, gpuPools: [{ ...pool, spot: true }] });
    expect(gpuNodes(spot)).toMatchObject({
      spotTaint: {
        key: "kubernetes.azure.com/scalesetpriority",
        value: "spot",
        effect: "NoSchedule",
      },
    });
  });

  it("are none without pools, and where pools are made elsewhere", () => {
    expect(gpuNodes(clusterConfigs.aks.parse({ provider: "aks", region: "eastus" }))).toBe(
      undefined,
    );
    expect(gpuNodes(clusterConfigs.kind.parse({ provider: "kind" }))).toBe(undefined);
  });
});

const kind = (config: object) => clusterConfigs.kind.parse({ provider: "kind", ...config });

describe("the name of a cluster", () => {
  it("is the stack's unless the configuration says another", () => {
    expect(clusterName("gpu", kind({}))).toBe("updraft-gpu");
    expect(clusterName("gpu", kind({ name: "vision" }))).toBe("vision");
  });

  it("is refused where a provider would not take it", () => {
    expect(() => clusterName("PR_7", kind({}))).toThrow(ConfigError);
    expect(() => clusterName("PR_7", kind({}))).toThrow(
      "cluster:name is not set, and updraft-PR_7 is no name of a cluster: lower-case letters, digits and dashes, a letter first, 40 at most; set cluster:name to one",
    );
    expect(() => clusterName("gpu", kind({ name: "7-gpus" }))).toThrow(
      "cluster:name 7-gpus is no name of a cluster",
    );
  });
});
