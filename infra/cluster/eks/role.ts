import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";

export interface RoleArgs {
  /** Who takes the role, such as `eks.amazonaws.com`. */
  readonly service: string;
  /** What is done to take it. */
  readonly actions: readonly string[];
  /** Names of policies that AWS manages. */
  readonly policies: readonly string[];
}

/** A role of a service of AWS with the policies that AWS has made for it. */
export class Role extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** With the role and all of its policies: what needs the role waits for them. */
  readonly parts: pulumi.Resource[];

  constructor(name: string, args: RoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("updraft:cluster:AwsRole", name, { ...args }, opts);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: args.service },
              Action: args.actions,
            },
          ],
        }),
      },
      { parent: this },
    );
    const attachments = args.policies.map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${policy}`,
          { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
          { parent: this },
        ),
    );
    this.arn = role.arn;
    this.parts = [role, ...attachments];
    this.registerOutputs({ arn: this.arn });
  }
}

/** What the control plane may do in Auto Mode: machines, disks, load balancers, addresses. */
export const clusterRole: RoleArgs = {
  service: "eks.amazonaws.com",
  actions: ["sts:AssumeRole", "sts:TagSession"],
  policies: [
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
  ],
};

/** What a node may do in Auto Mode: join its cluster, and pull images. */
export const nodeRole: RoleArgs = {
  service: "ec2.amazonaws.com",
  actions: ["sts:AssumeRole"],
  policies: ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"],
};
