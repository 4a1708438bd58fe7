import { describe, expect, it } from "vitest";
import { ConfigError } from "../../config/config-error.ts";
import { parseClusterConfig } from "./parse-cluster-config.ts";

const gpuPool = { machines: ["g5.xlarge"] };

function parse(config: Readonly<Record<string, unknown>>) {
  const texts = Object.entries(config).map(([key, value]) => [
    `cluster:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return parseClusterConfig({ ...Object.fromEntries(texts), "aws:profile": "team" });
}

function problems(config: Readonly<Record<string, unknown>>): string[] {
  try {
    parse(config);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n  - ").slice(1);
    throw error;
  }
  throw new Error("the configuration was accepted");
}

const eks = { provider: "eks", region: "us-east-1" };
const gke = { provider: "gke", region: "us-central1", project: "team", zones: ["us-central1-a"] };
const aks = { provider: "aks", region: "eastus" };

describe("the configuration of a cluster", () => {
  it("fills in what may be left out", () => {
    expect(parse({ ...eks, gpuPools: [gpuPool] })).toEqual({
      provider: "eks",
      region: "us-east-1",
      gpuPools: [{ name: "gpu", machines: ["g5.xlarge"], gpus: 1, max: 1, spot: false }],
      access: { cidrs: ["0.0.0.0/0"], admins: [] },
      tags: {},
      nodes: { machine: "m6i.large", max: 3 },
    });
    expect(parse({ provider: "kind" })).toEqual({ provider: "kind", workers: 1, ports: [] });
    expect(parse({ provider: "existing" })).toEqual({ provider: "existing" });
  });

  it("leaves a version as it is written, and makes texts of tags", () => {
    expect(parse({ ...gke, version: "1.30", tags: { costs: 4711 } })).toMatchObject({
      version: "1.30",
      tags: { costs: "4711" },
    });
  });

  it("asks for a provider, and says which there are", () => {
    expect(problems({})).toEqual([
      "cluster:provider says where the cluster is; set it to one of existing, kind, eks, gke, aks",
    ]);
    expect(problems({ provider: "minikube" })).toEqual([
      "cluster:provider is minikube; expected one of existing, kind, eks, gke, aks",
    ]);
  });

  it("lists every problem at once", () => {
    const pool = { name: "GPU", machines: [], count: 2 };
    expect(problems({ ...eks, region: 7, gpuPools: [pool], acess: {}, project: "team" })).toEqual([
      "cluster:gpuPools.0.name: expected lower-case letters and digits, a letter first, 12 at most",
      "cluster:gpuPools.0.machines: Too small: expected array to have >=1 items",
      "cluster:gpuPools.0.count is not a key of the configuration",
      "cluster:acess is not a key of provider eks; known here: provider, name, region, version, gpuPools, access, tags, prices, zones, network, nodes",
      "cluster:project is not a key of provider eks (it belongs to provider gke); known here: provider, name, region, version, gpuPools, access, tags, prices, zones, network, nodes",
    ]);
  });

  it.each([
    [
      "a maximum price on GKE",
      { ...gke, gpuPools: [{ machines: ["g2-standard-4"], spot: true, maxPrice: 0.3 }] },
      "cluster:gpuPools.0.maxPrice is not to be had of gke: Google sets the price of spot machines for all; there is no bidding, and it is always below the list price",
    ],
    [
      "a maximum price on EKS",
      { ...eks, gpuPools: [{ ...gpuPool, spot: true, maxPrice: 0.3 }] },
      "cluster:gpuPools.0.maxPrice is not to be had of eks: EKS Auto Mode pays the spot price, which is never more than the list price; name cheaper machines instead",
    ],
    [
      "a maximum price of machines whose price does not move",
      { ...aks, gpuPools: [{ machines: ["Standard_NC4as_T4_v3"], maxPrice: 0.3 }] },
      "cluster:gpuPools.0.maxPrice does nothing: only spot machines have a price that moves; set spot: true too, or remove it",
    ],
    [
      "a mixed pool on AKS",
      { ...aks, gpuPools: [{ machines: ["Standard_NC4as_T4_v3", "Standard_NC8as_T4_v3"] }] },
      "cluster:gpuPools.0.machines is not to be had of aks: a node pool of AKS has one type of machine; make a pool of each",
    ],
    [
      "an accelerator on AWS",
      { ...eks, gpuPools: [{ ...gpuPool, accelerator: "nvidia-l4" }] },
      "cluster:gpuPools.0.accelerator is not to be had of eks: on AWS the GPU comes with the type of the machine",
    ],
    [
      "a least number of nodes on EKS",
      { ...eks, nodes: { min: 1 } },
      "cluster:nodes.min is not to be had of eks: nodes of EKS Auto Mode come with the pods that need them and go with them; there is no least number",
    ],
    [
      "a machine of AWS whose CPUs are not known",
      { ...eks, nodes: { machine: "t3.medium" } },
      "cluster:nodes.machine t3.medium is none that the limit of cluster:nodes.max can be counted in; name one of the sizes large, xlarge, 2xlarge and so on",
    ],
    [
      "a GPU pool of Google's machines that have none",
      { ...gke, gpuPools: [{ machines: ["n1-standard-4"] }] },
      "cluster:gpuPools.0.accelerator is missing: n1-standard-4 comes without a GPU; set it to one such as nvidia-tesla-t4",
    ],
    [
      "GPU pools of kind",
      { provider: "kind", gpuPools: [gpuPool] },
      "cluster:gpuPools is not to be had of kind: kind's nodes are containers of this machine, and there are no machines to add or to give back",
    ],
    [
      "more nodes at least than at most",
      { ...aks, nodes: { min: 4, max: 2 } },
      "cluster:nodes.min 4 is above cluster:nodes.max 2; raise max or lower min",
    ],
    [
      "a tag that Google cannot hold",
      { ...gke, tags: { team: "Vision" } },
      "cluster:tags.team Vision is no value of a label of Google's: lower-case letters, digits, dashes and underscores, 63 at most",
    ],
    [
      "two pools of one name",
      { ...eks, gpuPools: [gpuPool, gpuPool] },
      "cluster:gpuPools: two pools are called gpu; name them apart",
    ],
  ])("refuses %s, with the reason", (_title, config, problem) => {
    expect(problems(config)).toEqual([problem]);
  });
});
