import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { EksConfig } from "../config/cluster-config.ts";
import { aws } from "./aws.ts";
import { gpuNodePool, type NodePool, platformNodePool } from "./node-pools.ts";

export interface ClusterObjectsArgs {
  readonly config: EksConfig;
  readonly clusterName: pulumi.Input<string>;
  /** Reaches the cluster. */
  readonly provider: k8s.Provider;
}

/** What a cluster in Auto Mode still lacks: node pools, volumes, network policies, metrics. */
export class ClusterObjects extends pulumi.ComponentResource {
  readonly #provider: k8s.Provider;

  constructor(name: string, args: ClusterObjectsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("updraft:cluster:EksObjects", name, {}, opts);
    this.#provider = args.provider;
    const platform = this.#nodePool(name, platformNodePool(args.config));
    for (const pool of args.config.gpuPools) this.#nodePool(name, gpuNodePool(pool));
    this.#storageClass(name);
    this.#networkPolicies(name);
    // Its pods want a node.
    new aws.eks.Addon(
      `${name}-metrics`,
      { clusterName: args.clusterName, addonName: "metrics-server" },
      { parent: this, dependsOn: [platform] },
    );
    this.registerOutputs({});
  }

  #nodePool(name: string, pool: NodePool): pulumi.Resource {
    return new k8s.apiextensions.CustomResource(
      `${name}-pool-${pool.name}`,
      {
        apiVersion: "karpenter.sh/v1",
        kind: "NodePool",
        metadata: { name: pool.name },
        spec: pool.spec,
      },
      this.#options(),
    );
  }

  /** Auto Mode brings the driver for volumes, and no class of them. */
  #storageClass(name: string): void {
    new k8s.storage.v1.StorageClass(
      `${name}-storage`,
      {
        metadata: {
          name: "gp3",
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: "ebs.csi.eks.amazonaws.com",
        parameters: { type: "gp3", encrypted: "true" },
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
        allowedTopologies: [
          {
            matchLabelExpressions: [{ key: "eks.amazonaws.com/compute-type", values: ["auto"] }],
          },
        ],
      },
      this.#options(),
    );
  }

  /** Until this is there, Auto Mode takes network policies and enforces none. */
  #networkPolicies(name: string): void {
    new k8s.core.v1.ConfigMap(
      `${name}-network-policies`,
      {
        metadata: { name: "amazon-vpc-cni", namespace: "kube-system" },
        data: { "enable-network-policy-controller": "true" },
      },
      this.#options(),
    );
  }

  #options(): pulumi.CustomResourceOptions {
    return { parent: this, provider: this.#provider };
  }
}
