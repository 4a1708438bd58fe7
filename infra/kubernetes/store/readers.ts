import * as pulumi from "@pulumi/pulumi";
import type { SourceVariables } from "@updraft/contracts/promotion-source";
import { selectorOf, stackLabel } from "../labels.ts";
import type { Peer } from "../network-policy.ts";
import { trainerPart } from "../training/trainer-access.ts";

/** Keys of a user of a store, by the names that stores know. */
export type KeyVariables = Readonly<
  Record<"AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY", pulumi.Input<string>>
>;

/** What a store is besides its keys. */
export interface StoreAddress {
  /** As it is reached from every namespace. @default AWS */
  readonly endpoint?: pulumi.Input<string> | undefined;
  readonly region?: string | undefined;
}

/** What another stack needs to fetch packages from a store: a secret, for it may hold keys. */
export function readerVariables(
  { endpoint, region }: StoreAddress,
  keys: KeyVariables | undefined,
): pulumi.Output<SourceVariables> {
  const values: Record<string, pulumi.Input<string>> = {
    ...keys,
    ...(region === undefined ? {} : { AWS_REGION: region }),
    ...(endpoint === undefined ? {} : { S3_ENDPOINT_URL: endpoint }),
  };
  return pulumi.secret(pulumi.output(values));
}

/** The trainers of other stacks, each in whatever namespace is labelled as that stack's. */
export function readerPeers(stacks: readonly string[]): Peer[] {
  return stacks.map((name) => {
    // A label has the name alone.
    const stack = name.slice(name.lastIndexOf("/") + 1);
    return {
      namespaceSelector: { matchLabels: { [stackLabel]: stack } },
      podSelector: { matchLabels: selectorOf({ name: trainerPart.name, stack }) },
    };
  });
}
