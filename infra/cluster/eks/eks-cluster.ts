import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../cluster.ts";
import type { EksConfig } from "../config/cluster-config.ts";
import { execUser, kubeconfig } from "../kubeconfig.ts";
import { aws } from "./aws.ts";
import { ClusterObjects } from "./cluster-objects.ts";
import { Network } from "./network.ts";
import { clusterRole, nodeRole, Role } from "./role.ts";

export interface EksClusterArgs {
  readonly name: string;
  readonly config: EksConfig;
}

/** A cluster of EKS in Auto Mode: AWS starts and ends its nodes, and there may be none. */
export class EksCluster extends pulumi.ComponentResource implements Cluster {
  readonly name: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;

  constructor(
    name: string,
    { name: clusterName, config }: EksClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("updraft:cluster:Eks", name, { name: clusterName, ...config }, opts);
    const subnetIds = config.network?.subnetIds ?? this.#network(name, clusterName, config);
    const control = new Role(`${name}-control`, clusterRole, { parent: this });
    const node = new Role(`${name}-node`, nodeRole, { parent: this });
    const cluster = new aws.eks.Cluster(
      `${name}-eks`,
      {
        name: clusterName,
        ...(config.version === undefined ? {} : { version: config.version }),
        roleArn: control.arn,
        accessConfig: {
          authenticationMode: "API",
          bootstrapClusterCreatorAdminPermissions: true,
        },
        vpcConfig: {
          subnetIds,
          endpointPrivateAccess: true,
          endpointPublicAccess: true,
          publicAccessCidrs: config.access.cidrs,
        },
        bootstrapSelfManagedAddons: false,
        // The pool `system` for what EKS itself needs nodes for; with it comes the class of nodes.
        computeConfig: { enabled: true, nodePools: ["system"], nodeRoleArn: node.arn },
        kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
        storageConfig: { blockStorage: { enabled: true } },
      },
      { parent: this, dependsOn: [...control.parts, ...node.parts] },
    );
    const admins = this.#admins(name, cluster.name, config.access.admins);
    this.name = cluster.name;
    this.endpoint = cluster.endpoint;
    this.kubeconfig = pulumi.secret(eksKubeconfig(cluster, config.region));
    const provider = new k8s.Provider(
      `${name}-kubernetes`,
      { kubeconfig: this.kubeconfig, enableServerSideApply: true },
      { parent: this, dependsOn: admins },
    );
    new ClusterObjects(
      `${name}-objects`,
      { config, clusterName: cluster.name, provider },
      {
        parent: this,
      },
    );
    this.registerOutputs({ name: this.name, endpoint: this.endpoint });
  }

  #network(name: string, clusterName: string, config: EksConfig): pulumi.Output<string>[] {
    const zones = config.zones ?? [`${config.region}a`, `${config.region}b`];
    return new Network(`${name}-network`, { clusterName, zones }, { parent: this })
      .privateSubnetIds;
  }

  /** Who brings the cluster up may do everything anyway. */
  #admins(name: string, clusterName: pulumi.Input<string>, arns: readonly string[]) {
    return arns.map((principalArn, index) => {
      const entry = new aws.eks.AccessEntry(
        `${name}-admin-${index}`,
        { clusterName, principalArn },
        { parent: this },
      );
      return new aws.eks.AccessPolicyAssociation(
        `${name}-admin-${index}-policy`,
        {
          clusterName,
          principalArn,
          policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
          accessScope: { type: "cluster" },
        },
        { parent: this, dependsOn: [entry] },
      );
    });
  }
}

/** The token is AWS' own, which its command line gets for whoever uses the kubeconfig. */
function eksKubeconfig(
  cluster: InstanceType<typeof aws.eks.Cluster>,
  region: string,
): pulumi.Output<string> {
  return pulumi
    .all([cluster.name, cluster.endpoint, cluster.certificateAuthority])
    .apply(([name, endpoint, { data }]) =>
      kubeconfig({
        name,
        endpoint,
        certificateAuthority: data,
        user: execUser("aws", ["eks", "get-token", "--cluster-name", name, "--region", region], {
          installHint: "Install the AWS CLI: https://docs.aws.amazon.com/cli",
        }),
      }),
    );
}

/** The cluster of a configuration, in the region and with the tags of it. */
export function eksCluster(name: string, config: EksConfig): Cluster {
  const provider = new aws.Provider("aws", {
    region: config.region,
    defaultTags: { tags: { "updraft-cluster": name, ...config.tags } },
  });
  return new EksCluster("cluster", { name, config }, { providers: [provider] });
}
