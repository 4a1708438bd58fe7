import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesConfig } from "../../config/config.ts";
import type { EnvironmentArgs } from "../../platform.ts";
import type { ClusterFacts } from "../cluster/cluster-facts.ts";
import { Images } from "../images/images.ts";
import type { KubernetesTarget } from "../kubernetes-target.ts";
import { labelsOf, type Labels, type Part } from "../labels.ts";

/** A stack in a cluster: its namespace, with the rules that hold for all that is in it. */
export class Environment extends pulumi.ComponentResource {
  readonly stack: string;
  readonly config: KubernetesConfig;
  readonly facts: ClusterFacts;
  /** Name of the namespace, known once it is there. */
  readonly namespace: pulumi.Output<string>;
  /** For every object but the trainings. */
  readonly provider: k8s.Provider;
  /** For trainings: takes over a Job that an update left which was killed. */
  readonly runsProvider: k8s.Provider;
  /** What the containers are started from, each by its digest. */
  readonly images: Images;

  constructor(
    name: string,
    args: EnvironmentArgs<KubernetesTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { stack, config, facts } = args;
    super("updraft:platform:Environment", name, { stack, ...config.kubernetes }, opts);
    this.stack = stack;
    this.config = config;
    this.facts = facts;
    const cluster = {
      context: config.kubernetes.context,
      enableServerSideApply: true,
      // A changed value is an update; pods roll because their template names its digest.
      enableConfigMapMutable: true,
      enableSecretMutable: true,
    };
    this.provider = new k8s.Provider("cluster", cluster, { parent: this });
    this.runsProvider = new k8s.Provider(
      "cluster-runs",
      { ...cluster, upsertExistingObjects: true },
      { parent: this },
    );
    this.images = new Images("images", { config }, { parent: this });
    const namespace = namespaceOf(stack, config);
    this.namespace = pulumi.output(namespace);
    this.registerOutputs({ namespace: this.namespace });
  }

  /** The labels of an object of this stack. */
  labels(part: Omit<Part, "stack">, more: Labels = {}): Labels {
    return labelsOf({ ...part, stack: this.stack }, more);
  }
}

/** The namespace of a stack. */
export function namespaceOf(stack: string, { kubernetes }: KubernetesConfig): string {
  return kubernetes.namespace ?? `updraft-${stack.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-")}`;
}
