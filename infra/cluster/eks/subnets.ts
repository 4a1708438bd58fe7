/** Addresses of a network of its own. */
export const vpcCidr = "10.0.0.0/16";

/** Two subnets of one zone: for load balancers and the way out, and for nodes and their pods. */
export interface ZoneSubnets {
  readonly zone: string;
  readonly publicCidr: string;
  readonly privateCidr: string;
}

/**
 * Divides the network among zones: every pod has an address of it, so nodes get most of it.
 * @param zones three at most
 */
export function subnetsOf(zones: readonly string[]): ZoneSubnets[] {
  return zones.map((zone, index) => ({
    zone,
    publicCidr: `10.0.${index}.0/24`,
    privateCidr: `10.0.${64 * (index + 1)}.0/18`,
  }));
}
