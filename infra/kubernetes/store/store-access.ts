import type * as pulumi from "@pulumi/pulumi";
import type { ObjectStoreOutputs } from "../../platform.ts";
import type { EgressRule } from "../network-policy.ts";
import type { Variable } from "../variables.ts";

export type { EgressRule, IngressRule, Peer } from "../network-policy.ts";

/** What of the stack uses the store: each with rights of its own. */
export type StoreUser = "trainer" | "tracker" | "server";

/** What the pods of a user of the store need to reach it. */
export interface StoreAccess {
  /** For the container: `S3_ENDPOINT_URL`, `AWS_REGION` and, from a Secret, the keys. */
  readonly variables: readonly Variable[];
  /** For the pods' NetworkPolicy. */
  readonly egress: readonly EgressRule[];
  /** For the pods' ServiceAccount: a role of AWS in place of keys. */
  readonly serviceAccountAnnotations: Readonly<Record<string, string>>;
  /** Changes with the keys: part of the annotation that makes pods roll. */
  readonly checksum: pulumi.Output<string>;
}

/** The store of target `kubernetes`, as its other components use it. */
export interface KubernetesStore extends ObjectStoreOutputs {
  readonly access: Readonly<Record<StoreUser, StoreAccess>>;
  /** What must be there before anybody uses it: bucket, users, rights. */
  readonly ready: readonly pulumi.Resource[];
}
