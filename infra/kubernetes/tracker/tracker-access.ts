import type * as pulumi from "@pulumi/pulumi";
import type { TrackerOutputs } from "../../platform.ts";
import type { EgressRule } from "../network-policy.ts";
import type { Variable } from "../variables.ts";

/** What the pods of a client of the tracker need to use it. */
export interface TrackerAccess {
  /** For the container: `MLFLOW_TRACKING_URI` and, from a Secret, who asks. */
  readonly variables: readonly Variable[];
  /** For the pods' NetworkPolicy. */
  readonly egress: readonly EgressRule[];
  /** Changes with the credentials: part of the annotation that makes pods roll. */
  readonly checksum: pulumi.Output<string>;
}

/** The tracker of target `kubernetes`, as its other components use it. */
export interface KubernetesTracker extends TrackerOutputs {
  readonly access: TrackerAccess;
  /** What must be there before anybody uses it. */
  readonly ready: readonly pulumi.Resource[];
}
