import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { GkeConfig } from "../config/cluster-config.ts";
import { byName, type Computed, registeredResources } from "../fixtures/registered-resources.ts";
import { gkeCluster } from "./gke-cluster.ts";

const computed: Computed = {
  "gcp:container/cluster:Cluster": () => ({
    endpoint: "192.0.2.1",
    masterAuth: { clusterCaCertificate: "Q0E=" },
  }),
  "gcp:serviceaccount/account:Account": ({ accountId }) => ({
    email: `${String(accountId)}@team.iam.gserviceaccount.com`,
  }),
};

async function made(config: object) {
  return registeredResources(async () => {
    const parsed = GkeConfig.parse({
      provider: "gke",
      region: "us-central1",
      project: "team",
      zones: ["us-central1-a"],
      ...config,
    });
    const { name, endpoint, kubeconfig } = gkeCluster("updraft-gpu", parsed);
    return [name, endpoint, kubeconfig];
  }, computed);
}

describe("a cluster of GKE", () => {
  it("is made of these resources, with a network and a GPU pool of its own", async () => {
    const { resources } = await made({
      gpuPools: [{ machines: ["g2-standard-4"], max: 2, spot: true }],
      access: { cidrs: ["203.0.113.0/24"] },
      tags: { team: "vision" },
      version: "1.34",
    });
    await expect(stringify(byName(resources))).toMatchFileSnapshot("expected/own-network.yaml");
  });

  it("spans zones, and takes a network that is there and an accelerator that is named", async () => {
    const { resources } = await made({
      zones: ["us-central1-a", "us-central1-b"],
      network: { network: "shared", subnetwork: "shared-nodes" },
      gpuPools: [{ machines: ["n1-standard-4"], accelerator: "nvidia-tesla-t4" }],
      nodes: { min: 2, max: 4 },
    });
    await expect(stringify(byName(resources))).toMatchFileSnapshot("expected/given-network.yaml");
  });

  it("is reached with a token that Google's plugin gets", async () => {
    const { outputs } = await made({});
    const [name, endpoint, kubeconfig] = outputs;
    expect({ name, endpoint }).toEqual({ name: "updraft-gpu", endpoint: "https://192.0.2.1" });
    expect(parse(String(kubeconfig))).toMatchObject({
      clusters: [
        {
          name: "updraft-gpu",
          cluster: { server: "https://192.0.2.1", "certificate-authority-data": "Q0E=" },
        },
      ],
      users: [
        {
          name: "updraft-gpu",
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "gke-gcloud-auth-plugin",
              args: [],
              interactiveMode: "Never",
              provideClusterInfo: true,
            },
          },
        },
      ],
    });
  });
});
