import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../cluster.ts";
import type { GkeConfig } from "../config/cluster-config.ts";
import { execUser, kubeconfig } from "../kubeconfig.ts";
import { gcp } from "./gcp.ts";
import { Network, podRange, serviceRange } from "./network.ts";
import { NodeAccount } from "./node-account.ts";
import { gpuNodeConfig, platformNodeConfig } from "./node-config.ts";

export interface GkeClusterArgs {
  readonly name: string;
  readonly config: GkeConfig;
}

/** Where the nodes of a cluster are, and as whom they work. */
interface NodePlace {
  readonly cluster: InstanceType<typeof gcp.container.Cluster>;
  readonly account: NodeAccount;
  /** What nodes need beside the cluster. */
  readonly dependsOn: pulumi.Resource[];
}

/** A cluster of GKE with node pools that Google's autoscaler grows from nothing. */
export class GkeCluster extends pulumi.ComponentResource implements Cluster {
  readonly name: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;

  constructor(
    name: string,
    { name: clusterName, config }: GkeClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("updraft:cluster:Gke", name, { name: clusterName, ...config }, opts);
    const network = config.network
      ? undefined
      : new Network(`${name}-network`, { region: config.region }, { parent: this });
    const account = new NodeAccount(
      `${name}-nodes`,
      { project: config.project, clusterName },
      { parent: this },
    );
    const cluster = this.#cluster(name, clusterName, config, network);
    const dependsOn = [...account.rights, ...(network ? [network.wayOut] : [])];
    this.#nodePools(name, config, { cluster, account, dependsOn });
    this.name = cluster.name;
    this.endpoint = pulumi.interpolate`https://${cluster.endpoint}`;
    this.kubeconfig = pulumi.secret(gkeKubeconfig(cluster));
    this.registerOutputs({ name: this.name, endpoint: this.endpoint });
  }

  #cluster(name: string, clusterName: string, config: GkeConfig, network: Network | undefined) {
    return new gcp.container.Cluster(
      `${name}-gke`,
      {
        name: clusterName,
        location: location(config),
        ...(config.zones.length === 1 ? {} : { nodeLocations: config.zones }),
        ...(config.version === undefined ? {} : { minMasterVersion: config.version }),
        ...networkOf(config, network),
        // The pools are resources of their own; a cluster cannot be made without one.
        removeDefaultNodePool: true,
        initialNodeCount: 1,
        networkingMode: "VPC_NATIVE",
        // Enforces network policies.
        datapathProvider: "ADVANCED_DATAPATH",
        privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: false },
        masterAuthorizedNetworksConfig: {
          cidrBlocks: config.access.cidrs.map((cidrBlock) => ({ cidrBlock })),
        },
        workloadIdentityConfig: { workloadPool: `${config.project}.svc.id.goog` },
        releaseChannel: { channel: "REGULAR" },
        costManagementConfig: { enabled: true },
        resourceLabels: config.tags,
        deletionProtection: false,
      },
      { parent: this },
    );
  }

  #nodePools(name: string, config: GkeConfig, place: NodePlace): void {
    const { min, max } = config.nodes;
    this.#nodePool(name, "platform", { min, max }, platformNodeConfig(config), place);
    for (const pool of config.gpuPools) {
      this.#nodePool(
        name,
        pool.name,
        { min: 0, max: pool.max },
        gpuNodeConfig(pool, config),
        place,
      );
    }
  }

  #nodePool(
    name: string,
    pool: string,
    { min, max }: { readonly min: number; readonly max: number },
    nodeConfig: ReturnType<typeof platformNodeConfig> | ReturnType<typeof gpuNodeConfig>,
    { cluster, account, dependsOn }: NodePlace,
  ): void {
    new gcp.container.NodePool(
      `${name}-pool-${pool}`,
      {
        name: pool,
        cluster: cluster.id,
        // Of each zone; the autoscaler settles the rest.
        initialNodeCount: min === 0 ? 0 : 1,
        autoscaling: { totalMinNodeCount: min, totalMaxNodeCount: max, locationPolicy: "ANY" },
        management: { autoRepair: true, autoUpgrade: true },
        nodeConfig: { ...nodeConfig, serviceAccount: account.email },
      },
      { parent: this, dependsOn, ignoreChanges: ["initialNodeCount"] },
    );
  }
}

/** Of the control plane: in its one zone, or in the region. */
function location({ zones, region }: GkeConfig): string {
  return zones.length === 1 ? (zones[0] ?? region) : region;
}

function networkOf(config: GkeConfig, network: Network | undefined) {
  if (network) {
    return {
      network: network.network,
      subnetwork: network.subnetwork,
      ipAllocationPolicy: {
        clusterSecondaryRangeName: podRange,
        servicesSecondaryRangeName: serviceRange,
      },
    };
  }
  // Google chooses ranges in a network that is there.
  return { ...config.network, ipAllocationPolicy: {} };
}

/** The token is Google's own, which its plugin gets for whoever uses the kubeconfig. */
function gkeKubeconfig(cluster: InstanceType<typeof gcp.container.Cluster>): pulumi.Output<string> {
  return pulumi
    .all([cluster.name, cluster.endpoint, cluster.masterAuth])
    .apply(([name, endpoint, { clusterCaCertificate }]) =>
      kubeconfig({
        name,
        endpoint: `https://${endpoint}`,
        certificateAuthority: clusterCaCertificate,
        user: execUser("gke-gcloud-auth-plugin", [], {
          provideClusterInfo: true,
          installHint:
            "Install gke-gcloud-auth-plugin: https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl",
        }),
      }),
    );
}

/** The cluster of a configuration, in its project and with its labels. */
export function gkeCluster(name: string, config: GkeConfig): Cluster {
  const provider = new gcp.Provider("gcp", {
    project: config.project,
    region: config.region,
  });
  const tags = { "updraft-cluster": name, ...config.tags };
  return new GkeCluster(
    "cluster",
    { name, config: { ...config, tags } },
    { providers: [provider] },
  );
}
