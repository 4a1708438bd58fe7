import * as pulumi from "@pulumi/pulumi";
import { gcp } from "./gcp.ts";

export interface NetworkArgs {
  readonly region: string;
}

/** Names of a subnet's ranges for pods and for Services. */
export const podRange = "pods";
export const serviceRange = "services";

/** A network whose nodes have no addresses of the Internet, and go out by Cloud NAT. */
export class Network extends pulumi.ComponentResource {
  readonly network: pulumi.Output<string>;
  readonly subnetwork: pulumi.Output<string>;
  /** What a node needs to reach anything: nodes wait for it. */
  readonly wayOut: pulumi.Resource;

  constructor(name: string, { region }: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("updraft:cluster:GkeNetwork", name, { region }, opts);
    const network = new gcp.compute.Network(
      `${name}-vpc`,
      { autoCreateSubnetworks: false },
      { parent: this },
    );
    const subnetwork = new gcp.compute.Subnetwork(
      `${name}-subnet`,
      {
        network: network.id,
        region,
        ipCidrRange: "10.0.0.0/20",
        // Google's own services without a detour.
        privateIpGoogleAccess: true,
        secondaryIpRanges: [
          { rangeName: podRange, ipCidrRange: "10.4.0.0/14" },
          { rangeName: serviceRange, ipCidrRange: "10.8.0.0/20" },
        ],
      },
      { parent: this },
    );
    const router = new gcp.compute.Router(
      `${name}-router`,
      { network: network.id, region },
      { parent: this },
    );
    this.wayOut = new gcp.compute.RouterNat(
      `${name}-nat`,
      {
        router: router.name,
        region,
        natIpAllocateOption: "AUTO_ONLY",
        sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
      },
      { parent: this },
    );
    this.network = network.id;
    this.subnetwork = subnetwork.id;
    this.registerOutputs({ network: this.network, subnetwork: this.subnetwork });
  }
}
