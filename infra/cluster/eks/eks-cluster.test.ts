import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { EksConfig } from "../config/cluster-config.ts";
import { byName, type Computed, registeredResources } from "../fixtures/registered-resources.ts";
import { eksCluster } from "./eks-cluster.ts";

const computed: Computed = {
  "aws:eks/cluster:Cluster": () => ({
    endpoint: "https://cluster.example",
    certificateAuthority: { data: "Q0E=" },
  }),
  "aws:iam/role:Role": () => ({ arn: "arn:aws:iam::1:role/role" }),
};

async function made(config: object) {
  return registeredResources(async () => {
    const parsed = EksConfig.parse({ provider: "eks", region: "us-east-1", ...config });
    const { name, endpoint, kubeconfig } = eksCluster("updraft-gpu", parsed);
    return [name, endpoint, kubeconfig];
  }, computed);
}

describe("a cluster of EKS", () => {
  it("is made of these resources, with a network and a GPU pool of its own", async () => {
    const { resources } = await made({
      gpuPools: [{ machines: ["g5.xlarge", "g6.xlarge"], max: 2, spot: true }],
      access: { cidrs: ["203.0.113.0/24"], admins: ["arn:aws:iam::1:role/admin"] },
      tags: { team: "vision" },
      version: "1.34",
    });
    await expect(stringify(byName(resources))).toMatchFileSnapshot("expected/own-network.yaml");
  });

  it("makes no network where there is one", async () => {
    const { resources } = await made({ network: { subnetIds: ["subnet-1", "subnet-2"] } });
    await expect(stringify(byName(resources))).toMatchFileSnapshot("expected/given-network.yaml");
  });

  it("is reached with a token of AWS' own", async () => {
    const { outputs } = await made({});
    const [name, endpoint, kubeconfig] = outputs;
    expect({ name, endpoint }).toEqual({
      name: "updraft-gpu",
      endpoint: "https://cluster.example",
    });
    expect(parse(String(kubeconfig))).toEqual({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "updraft-gpu",
      contexts: [{ name: "updraft-gpu", context: { cluster: "updraft-gpu", user: "updraft-gpu" } }],
      clusters: [
        {
          name: "updraft-gpu",
          cluster: {
            server: "https://cluster.example",
            "certificate-authority-data": "Q0E=",
          },
        },
      ],
      users: [
        {
          name: "updraft-gpu",
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "aws",
              args: ["eks", "get-token", "--cluster-name", "updraft-gpu", "--region", "us-east-1"],
              interactiveMode: "Never",
              provideClusterInfo: false,
              installHint: "Install the AWS CLI: https://docs.aws.amazon.com/cli",
            },
          },
        },
      ],
    });
  });
});
