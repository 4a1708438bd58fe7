import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { subnetsOf, vpcCidr, type ZoneSubnets } from "./subnets.ts";

export interface NetworkArgs {
  /** Shown in AWS' console. */
  readonly clusterName: string;
  readonly zones: readonly string[];
}

/** A network whose nodes have no addresses of the Internet, and go out by one gateway. */
export class Network extends pulumi.ComponentResource {
  /** Of the nodes. */
  readonly privateSubnetIds: pulumi.Output<string>[];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("updraft:cluster:EksNetwork", name, { ...args }, opts);
    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: vpcCidr,
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: { Name: args.clusterName },
      },
      { parent: this },
    );
    const gateway = new aws.ec2.InternetGateway(
      `${name}-internet`,
      { vpcId: vpc.id },
      { parent: this },
    );
    const zones = subnetsOf(args.zones);
    const publicSubnets = zones.map((zone) => this.#subnet(name, vpc.id, zone, "public"));
    const privateSubnets = zones.map((zone) => this.#subnet(name, vpc.id, zone, "private"));
    this.#routes(name, vpc.id, "public", publicSubnets, { gatewayId: gateway.id });
    const natGatewayId = this.#natGateway(name, publicSubnets[0]?.id, gateway);
    this.#routes(name, vpc.id, "private", privateSubnets, { natGatewayId });
    this.privateSubnetIds = privateSubnets.map(({ id }) => id);
    this.registerOutputs({ privateSubnetIds: this.privateSubnetIds });
  }

  /** The tags tell the cluster where load balancers belong. */
  #subnet(name: string, vpcId: pulumi.Input<string>, subnets: ZoneSubnets, kind: SubnetKind) {
    const cidrBlock = kind === "public" ? subnets.publicCidr : subnets.privateCidr;
    const role = kind === "public" ? "kubernetes.io/role/elb" : "kubernetes.io/role/internal-elb";
    return new aws.ec2.Subnet(
      `${name}-${kind}-${subnets.zone}`,
      {
        vpcId,
        cidrBlock,
        availabilityZone: subnets.zone,
        mapPublicIpOnLaunch: false,
        tags: { [role]: "1" },
      },
      { parent: this },
    );
  }

  /** One for all zones: for a day, its price counts for more than the zone that it is in. */
  #natGateway(
    name: string,
    subnetId: pulumi.Input<string | undefined>,
    gateway: pulumi.Resource,
  ): pulumi.Output<string> {
    const address = new aws.ec2.Eip(`${name}-nat-address`, { domain: "vpc" }, { parent: this });
    const nat = new aws.ec2.NatGateway(
      `${name}-nat`,
      { allocationId: address.id, subnetId },
      { parent: this, dependsOn: [gateway] },
    );
    return nat.id;
  }

  #routes(
    name: string,
    vpcId: pulumi.Input<string>,
    kind: SubnetKind,
    subnets: readonly { readonly id: pulumi.Output<string> }[],
    way: WayOut,
  ): void {
    const table = new aws.ec2.RouteTable(
      `${name}-${kind}-routes`,
      { vpcId, routes: [{ cidrBlock: "0.0.0.0/0", ...way }] },
      { parent: this },
    );
    for (const [index, { id }] of subnets.entries()) {
      new aws.ec2.RouteTableAssociation(
        `${name}-${kind}-routes-${index}`,
        { routeTableId: table.id, subnetId: id },
        { parent: this },
      );
    }
  }
}

type SubnetKind = "public" | "private";

interface WayOut {
  readonly gatewayId?: pulumi.Output<string>;
  readonly natGatewayId?: pulumi.Output<string>;
}
