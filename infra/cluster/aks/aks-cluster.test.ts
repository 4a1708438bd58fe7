import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { AksConfig } from "../config/cluster-config.ts";
import { byName, type Computed, registeredResources } from "../fixtures/registered-resources.ts";
import { aksCluster } from "./aks-cluster.ts";

const computed: Computed = {
  "azure-native:containerservice:ManagedCluster": ({ resourceName }) => ({
    name: resourceName,
    fqdn: "updraft-gpu.eastus.azmk8s.io",
    identity: { principalId: "principal" },
  }),
  "azure-native:resources:ResourceGroup": ({ resourceGroupName }) => ({ name: resourceGroupName }),
};

const credentials = "apiVersion: v1\nkind: Config\n";

async function made(config: object) {
  return registeredResources(
    async () => {
      const parsed = AksConfig.parse({ provider: "aks", region: "eastus", ...config });
      const { name, endpoint, kubeconfig } = aksCluster("updraft-gpu", parsed);
      return [name, endpoint, kubeconfig];
    },
    computed,
    {
      "azure-native:containerservice:listManagedClusterUserCredentials": {
        kubeconfigs: [{ name: "clusterUser", value: Buffer.from(credentials).toString("base64") }],
      },
    },
  );
}

describe("a cluster of AKS", () => {
  it("is made of these resources, with a pool of spot machines and a maximum price", async () => {
    const { resources } = await made({
      gpuPools: [{ machines: ["Standard_NC4as_T4_v3"], max: 2, spot: true, maxPrice: 0.2 }],
      access: { cidrs: ["203.0.113.0/24"] },
      tags: { team: "vision" },
      version: "1.34",
    });
    await expect(stringify(byName(resources))).toMatchFileSnapshot("expected/own-network.yaml");
  });

  it("may use a subnet that is there, and pays the list price where nothing is said", async () => {
    const { resources } = await made({
      network: {
        subnetId:
          "/subscriptions/1/resourceGroups/team/providers/Microsoft.Network/virtualNetworks/shared/subnets/nodes",
      },
      gpuPools: [
        { machines: ["Standard_NC4as_T4_v3"] },
        { name: "spot", machines: ["Standard_NC8as_T4_v3"], spot: true },
      ],
      tier: "standard",
    });
    await expect(stringify(byName(resources))).toMatchFileSnapshot("expected/given-network.yaml");
  });

  it("is reached as Azure says", async () => {
    const { outputs } = await made({});
    expect(outputs).toEqual([
      "updraft-gpu",
      "https://updraft-gpu.eastus.azmk8s.io:443",
      credentials,
    ]);
  });
});
