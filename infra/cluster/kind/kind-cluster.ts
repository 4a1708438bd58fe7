import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../cluster.ts";
import type { KindConfig } from "../config/cluster-config.ts";
import { kindConfig } from "./kind-config.ts";

export interface KindResourceArgs {
  /** Of the cluster, and of the context `kind-<name>`. */
  readonly clusterName: string;
  /** YAML. */
  readonly config: string;
}

/** A cluster of kind: another configuration is another cluster. */
class KindResource extends pulumi.CustomResource {
  declare readonly clusterName: pulumi.Output<string>;
  declare readonly endpoint: pulumi.Output<string>;
  declare readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, args: KindResourceArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "updraft:local:KindCluster",
      name,
      { ...args, endpoint: undefined, kubeconfig: undefined },
      pulumi.mergeOptions(opts, {
        additionalSecretOutputs: ["kubeconfig"],
        // Two cannot have one name.
        deleteBeforeReplace: true,
      }),
    );
  }
}

/** A cluster in containers of this machine. */
export function kindCluster(name: string, config: KindConfig): Cluster {
  const cluster = new KindResource("cluster", { clusterName: name, config: kindConfig(config) });
  return { name: cluster.clusterName, endpoint: cluster.endpoint, kubeconfig: cluster.kubeconfig };
}
