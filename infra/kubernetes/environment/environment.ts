import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesConfig } from "../../config/config.ts";
import type { EnvironmentArgs } from "../../platform.ts";
import type { ClusterFacts } from "../cluster/cluster-facts.ts";
import { Images } from "../images/images.ts";
import type { KubernetesTarget } from "../kubernetes-target.ts";
import { labelsOf, type Labels, type Part } from "../labels.ts";
import type { Place } from "../metadata.ts";
import { allowDns, denyAll, limitRange, resourceQuota, stackNamespace } from "./namespace.ts";

/** A stack in a cluster: its namespace, with the rules that hold for all that is in it. */
export class Environment extends pulumi.ComponentResource implements Place {
  readonly stack: string;
  readonly config: KubernetesConfig;
  readonly facts: ClusterFacts;
  /** Name of the namespace, known once it is there. */
  readonly namespace: pulumi.Output<string>;
  /** For every object that only an update of this stack makes. */
  readonly provider: k8s.Provider;
  /**
   * For what may be there without being in the stack's state: a Job that an update left which was
   * killed, the namespace and the volumes that a stack left which kept them.
   */
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
      ...(facts.kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(facts.kubeconfig) }),
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
    this.namespace = this.#namespace(name);
    this.#rules(name);
    this.registerOutputs({ namespace: this.namespace });
  }

  /** The labels of an object of this stack. */
  labels(part: Omit<Part, "stack">, more: Labels = {}): Labels {
    return labelsOf({ ...part, stack: this.stack }, more);
  }

  /** What the objects of a component are made with. */
  objectOptions(parent: pulumi.Resource): pulumi.CustomResourceOptions {
    return { parent, provider: this.provider };
  }

  #namespace(name: string): pulumi.Output<string> {
    const { config } = this;
    const named = namespaceOf(this.stack, config);
    if (!config.kubernetes.createNamespace) return pulumi.output(named);
    const namespace = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      stackNamespace(this.stack, named),
      // A namespace takes its volumes along: one whose volumes are kept has to stay.
      {
        parent: this,
        provider: this.runsProvider,
        retainOnDelete: config.store.keep || config.protect,
      },
    );
    return namespace.metadata.name;
  }

  #rules(name: string): void {
    const options = this.objectOptions(this);
    new k8s.networking.v1.NetworkPolicy(`${name}-deny-all`, denyAll(this), options);
    new k8s.networking.v1.NetworkPolicy(`${name}-allow-dns`, allowDns(this), options);
    const { quota, limits } = this.config.kubernetes;
    if (quota) {
      new k8s.core.v1.ResourceQuota(`${name}-quota`, resourceQuota(this, quota), options);
    }
    if (limits) {
      new k8s.core.v1.LimitRange(`${name}-limits`, limitRange(this, limits), options);
    }
  }
}

/** The namespace of a stack. */
export function namespaceOf(
  stack: string,
  { kubernetes }: Pick<KubernetesConfig, "kubernetes">,
): string {
  return kubernetes.namespace ?? `updraft-${stack.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-")}`;
}
