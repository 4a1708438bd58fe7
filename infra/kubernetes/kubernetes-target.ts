import type { KubernetesConfig } from "../config/config.ts";
import type { ClusterFacts } from "./cluster/cluster-facts.ts";
import type { Environment } from "./environment/environment.ts";

/** Target `kubernetes`: a namespace of a cluster. */
export interface KubernetesTarget {
  readonly config: KubernetesConfig;
  readonly facts: ClusterFacts;
  readonly environment: Environment;
}
