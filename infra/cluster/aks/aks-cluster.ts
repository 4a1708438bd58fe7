import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../cluster.ts";
import type { AksConfig } from "../config/cluster-config.ts";
import { gpuPool, platformPool } from "./agent-pools.ts";
import { azure } from "./azure.ts";

export interface AksClusterArgs {
  readonly name: string;
  readonly config: AksConfig;
}

type ManagedCluster = InstanceType<typeof azure.containerservice.ManagedCluster>;

/** Azure's role of those who may use a network: "Network Contributor". */
const networkContributor = "4d97b98b-1d4f-4787-a291-c67834d212e7";

/** A cluster of AKS with node pools that Azure's autoscaler grows from nothing. */
export class AksCluster extends pulumi.ComponentResource implements Cluster {
  readonly name: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;

  constructor(
    name: string,
    { name: clusterName, config }: AksClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("updraft:cluster:Aks", name, { name: clusterName, ...config }, opts);
    const group = new azure.resources.ResourceGroup(
      `${name}-group`,
      { resourceGroupName: clusterName, location: config.region, tags: config.tags },
      { parent: this },
    );
    const cluster = this.#cluster(name, clusterName, config, group.name);
    for (const pool of config.gpuPools) {
      new azure.containerservice.AgentPool(
        `${name}-pool-${pool.name}`,
        {
          resourceGroupName: group.name,
          resourceName: cluster.name,
          ...gpuPool(pool, config),
        },
        // How many there are is the autoscaler's.
        { parent: this, ignoreChanges: ["count"] },
      );
    }
    this.#useOfNetwork(name, config, cluster);
    this.name = cluster.name;
    this.endpoint = pulumi.interpolate`https://${cluster.fqdn}:443`;
    this.kubeconfig = this.#credentials(group.name, cluster.name);
    this.registerOutputs({ name: this.name, endpoint: this.endpoint });
  }

  #cluster(
    name: string,
    clusterName: string,
    config: AksConfig,
    resourceGroupName: pulumi.Input<string>,
  ): ManagedCluster {
    return new azure.containerservice.ManagedCluster(
      `${name}-aks`,
      {
        resourceGroupName,
        resourceName: clusterName,
        location: config.region,
        nodeResourceGroup: `${clusterName}-nodes`,
        dnsPrefix: clusterName,
        ...(config.version === undefined ? {} : { kubernetesVersion: config.version }),
        sku: { name: "Base", tier: config.tier === "free" ? "Free" : "Standard" },
        identity: { type: "SystemAssigned" },
        enableRBAC: true,
        agentPoolProfiles: [platformPool(config)],
        networkProfile: {
          networkPlugin: "azure",
          networkPluginMode: "overlay",
          // Enforces network policies.
          networkDataplane: "cilium",
          networkPolicy: "cilium",
          loadBalancerSku: "standard",
          outboundType: "loadBalancer",
        },
        ...apiServerAccess(config),
        oidcIssuerProfile: { enabled: true },
        securityProfile: { workloadIdentity: { enabled: true } },
        autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
        tags: config.tags,
      },
      { parent: this, ignoreChanges: ["agentPoolProfiles[0].count"] },
    );
  }

  /** In a subnet that is somebody else's, the cluster has to be allowed to place load balancers. */
  #useOfNetwork(name: string, { network }: AksConfig, cluster: ManagedCluster): void {
    if (network === undefined) return;
    const subscription = network.subnetId.split("/").slice(0, 3).join("/");
    new azure.authorization.RoleAssignment(
      `${name}-use-of-network`,
      {
        principalId: cluster.identity.apply((identity) => identity?.principalId ?? ""),
        principalType: "ServicePrincipal",
        roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${networkContributor}`,
        scope: network.subnetId,
      },
      { parent: this },
    );
  }

  #credentials(
    resourceGroupName: pulumi.Input<string>,
    resourceName: pulumi.Input<string>,
  ): pulumi.Output<string> {
    const { kubeconfigs } = azure.containerservice.listManagedClusterUserCredentialsOutput(
      { resourceGroupName, resourceName },
      { parent: this },
    );
    return pulumi.secret(
      kubeconfigs.apply(([first]) => Buffer.from(first?.value ?? "", "base64").toString()),
    );
  }
}

/** Azure has no range that is everything: it is what holds where nothing is said. */
function apiServerAccess({ access }: AksConfig) {
  if (access.cidrs.includes("0.0.0.0/0")) return {};
  return { apiServerAccessProfile: { authorizedIPRanges: access.cidrs } };
}

/** The cluster of a configuration, in a resource group of its own. */
export function aksCluster(name: string, config: AksConfig): Cluster {
  const provider = new azure.Provider("azure", { location: config.region });
  const tags = { "updraft-cluster": name, ...config.tags };
  return new AksCluster(
    "cluster",
    { name, config: { ...config, tags } },
    { providers: [provider] },
  );
}
