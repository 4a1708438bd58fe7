import type { KubernetesConfig } from "../config/config.ts";
import type { ClusterFacts } from "./cluster/cluster-facts.ts";
import type { Environment } from "./environment/environment.ts";
import type { KubernetesStore } from "./store/store-access.ts";
import type { KubernetesTracker } from "./tracker/tracker-access.ts";

/** Target `kubernetes`: a namespace of a cluster. */
export interface KubernetesTarget {
  readonly config: KubernetesConfig;
  readonly facts: ClusterFacts;
  readonly environment: Environment;
  readonly store: KubernetesStore;
  readonly tracker: KubernetesTracker;
}
