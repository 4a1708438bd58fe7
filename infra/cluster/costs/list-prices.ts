/** Prices of one region, per hour. */
export interface RegionPrices {
  readonly controlPlane: number;
  /** The way out of nodes without addresses of their own: gateway or load balancer, with its address. */
  readonly network: number;
  /** Of one node for the way out, where it is paid by node. */
  readonly networkPerNode: number;
  /** Linux, on demand. */
  readonly machines: Readonly<Record<string, number>>;
}

/** What a provider asks for, as of a day. */
export interface ListPrices {
  readonly currency: string;
  readonly asOf: string;
  readonly source: string;
  /** What is paid on top of a machine, as a share of its price. */
  readonly machineSurcharge: number;
  readonly regions: Readonly<Record<string, RegionPrices>>;
}

/**
 * List prices of the machines that the documentation names, in one region of each provider: enough
 * for the order of magnitude. `asOf` is the day of the machines' prices; the fees of control planes,
 * networks and Auto Mode are the usual ones, not looked up that day. `cluster:prices` says what is really paid, and what costs elsewhere.
 */
export const listPrices: Readonly<Record<"eks" | "gke" | "aks", ListPrices>> = {
  eks: {
    currency: "USD",
    asOf: "2026-01-19",
    source:
      "price list of AWS as in karpenter-provider-aws (pkg/providers/pricing); https://aws.amazon.com/eks/pricing, https://aws.amazon.com/vpc/pricing",
    // Of EKS Auto Mode, on every machine that it starts.
    machineSurcharge: 0.12,
    regions: {
      "us-east-1": {
        controlPlane: 0.1,
        // One NAT gateway, 0.045, and its address, 0.005.
        network: 0.05,
        networkPerNode: 0,
        machines: {
          "m6i.large": 0.096,
          "m6i.xlarge": 0.192,
          "m7i.large": 0.1008,
          "g4dn.xlarge": 0.526,
          "g4dn.2xlarge": 0.752,
          "g5.xlarge": 1.006,
          "g5.2xlarge": 1.212,
          "g6.xlarge": 0.8048,
          "g6.2xlarge": 0.9776,
          "g6e.xlarge": 1.861,
        },
      },
    },
  },
  gke: {
    currency: "USD",
    asOf: "2026-03-28",
    source:
      "list prices of Google as in karpenter-provider-gcp (pkg/providers/pricing, 036c6e2c); https://cloud.google.com/kubernetes-engine/pricing, https://cloud.google.com/nat/pricing",
    machineSurcharge: 0,
    regions: {
      "us-central1": {
        // The first zonal cluster of a billing account is free of it.
        controlPlane: 0.1,
        // The address of Cloud NAT; the gateway itself is paid by node.
        network: 0.005,
        networkPerNode: 0.0014,
        machines: {
          "e2-standard-2": 0.06701142,
          "e2-standard-4": 0.13402284,
          "g2-standard-4": 0.706832255,
          "g2-standard-8": 0.853624271,
          "a2-highgpu-1g": 3.673385,
          "a2-ultragpu-1g": 5.06879789041096,
          "a3-highgpu-1g": 11.0612499878219,
        },
      },
    },
  },
  aks: {
    currency: "USD",
    asOf: "2023-12-18",
    source:
      "Azure retail prices as in karpenter-provider-azure (pkg/providers/pricing, 0499866a); https://azure.microsoft.com/pricing/details/kubernetes-service, https://azure.microsoft.com/pricing/details/load-balancer",
    machineSurcharge: 0,
    regions: {
      eastus: {
        // Of the tier Standard; the tier Free is free of it.
        controlPlane: 0.1,
        // The load balancer that nodes go out by, 0.025, and its address, 0.005.
        network: 0.03,
        networkPerNode: 0,
        machines: {
          Standard_D2s_v5: 0.096,
          Standard_D16s_v5: 0.768,
          Standard_NC4as_T4_v3: 0.526,
          Standard_NC8as_T4_v3: 0.752,
          Standard_NC16as_T4_v3: 1.204,
          Standard_NC24ads_A100_v4: 3.673,
          Standard_NC48ads_A100_v4: 7.346,
        },
      },
    },
  },
};
