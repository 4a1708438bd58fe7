import { describe, expect, it } from "vitest";
import { clusterConfigs } from "../config/cluster-config.ts";
import { costs } from "./cost-per-hour.ts";
import { listPrices } from "./list-prices.ts";

const eks = { provider: "eks", region: "us-east-1" };
const aks = { provider: "aks", region: "eastus" };
const t4 = { machines: ["Standard_NC4as_T4_v3"], max: 2 };

const ofEks = (config: object) => costs(clusterConfigs.eks.parse({ ...eks, ...config }));
const ofAks = (config: object) => costs(clusterConfigs.aks.parse({ ...aks, ...config }));

describe("what a cluster costs", () => {
  it("is the control plane and the way out on EKS while nothing runs, and nodes as they come", () => {
    const gpuPools = [{ machines: ["g5.xlarge", "g4dn.xlarge"], max: 2, spot: true }];
    expect(ofEks({ gpuPools })).toEqual({
      perHour: {
        currency: "USD",
        always: 0.15,
        // With Auto Mode's share of 12 %.
        perPlatformNode: 0.1075,
        perGpuNode: { gpu: 1.1267 },
        atMost: 2.726,
        asOf: "2026-01-19",
        source: `${listPrices.eks.source}; us-east-1`,
      },
    });
  });

  it("counts the least number of nodes on GKE as always there", () => {
    const gke = {
      provider: "gke",
      region: "us-central1",
      project: "team",
      zones: ["us-central1-a"],
    };
    const gpuPools = [{ machines: ["g2-standard-4"] }];
    expect(costs(clusterConfigs.gke.parse({ ...gke, gpuPools, nodes: { min: 2 } }))).toMatchObject({
      perHour: {
        always: 0.2418,
        perPlatformNode: 0.0684,
        perGpuNode: { gpu: 0.7082 },
        atMost: 1.0185,
      },
    });
  });

  it("is less with a free control plane, a network that is there, and a maximum price", () => {
    const network = { subnetId: "/subscriptions/1/subnet" };
    const gpuPools = [{ ...t4, spot: true, maxPrice: 0.2 }];
    expect(ofAks({ gpuPools, tier: "standard" })).toMatchObject({
      perHour: { always: 0.226, perGpuNode: { gpu: 0.2 }, atMost: 0.818 },
    });
    expect(ofAks({ network })).toMatchObject({ perHour: { always: 0.096, atMost: 0.288 } });
  });

  it("is what the configuration says is paid", () => {
    const prices = {
      currency: "EUR",
      source: "our contract",
      network: 0,
      machines: { Standard_D2s_v5: 0.08, Standard_NC4as_T4_v3: 0.4 },
    };
    expect(ofAks({ region: "westeurope", gpuPools: [t4], prices })).toEqual({
      perHour: {
        currency: "EUR",
        always: 0.08,
        perPlatformNode: 0.08,
        perGpuNode: { gpu: 0.4 },
        atMost: 1.04,
        source: "our contract",
      },
    });
  });

  it("names the prices that it would have to know", () => {
    expect(ofEks({ region: "eu-central-1", gpuPools: [{ machines: ["p5.4xlarge"] }] })).toEqual({
      missing: ["controlPlane", "network", "machines.m6i.large", "machines.p5.4xlarge"],
    });
    expect(ofEks({ prices: { currency: "EUR", controlPlane: 0.1, network: 0.1 } })).toEqual({
      missing: ["machines.m6i.large"],
    });
  });

  it("is nothing on this machine, and what its owner says of a cluster that is there", () => {
    expect(costs(clusterConfigs.kind.parse({ provider: "kind" }))).toMatchObject({
      perHour: { always: 0, perGpuNode: {}, atMost: 0 },
    });
    expect(costs(clusterConfigs.existing.parse({ provider: "existing" }))).toEqual({
      perHour: undefined,
    });
    const costPerHour = { currency: "EUR", always: 2, perGpuNode: 3, atMost: 8 };
    expect(costs(clusterConfigs.existing.parse({ provider: "existing", costPerHour }))).toEqual({
      perHour: {
        currency: "EUR",
        always: 2,
        perGpuNode: { gpu: 3 },
        atMost: 8,
        source: "cluster:costPerHour",
      },
    });
  });
});
