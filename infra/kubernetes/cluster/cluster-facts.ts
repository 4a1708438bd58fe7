/** What the checks before an update have found in the cluster. */
export interface ClusterFacts {
  /** Whether there is a cluster to ask: not where manifests are only rendered. */
  readonly isReachable: boolean;
  /** Addresses and port of the API server, as pods reach it after the Service's translation. */
  readonly apiServer: { readonly addresses: readonly string[]; readonly port: number } | undefined;
  /** Nodes that `updraft:gpu.nodes.selector` selects, in the order of their names. */
  readonly gpuNodes: readonly string[];
  /** Taints of the nodes that `updraft:gpu.nodes` means, by node; only those that are there. */
  readonly nodeTaints?: Readonly<Record<string, readonly NodeTaint[]>>;
  /** Of the stack that has made the cluster, where the configuration names one: a secret. */
  readonly kubeconfig?: string | undefined;
  /** Runs of this stack that are in the cluster. */
  readonly runs: readonly RunInCluster[];
}

/** A Job of a run of this stack, or of its sweep. */
export interface RunInCluster {
  readonly name: string;
  /** Value of the label `updraft.dev/spec`: digest of what makes the run. */
  readonly spec: string;
  readonly state: "unfinished" | "complete" | "failed";
  /** RFC 3339. */
  readonly createdAt: string;
}

/** A taint of a node. */
export interface NodeTaint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
}
