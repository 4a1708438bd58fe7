import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { GpuNodePoolArgs } from "../../platform.ts";
import { namespaceOf } from "../environment/environment.ts";
import type { KubernetesTarget } from "../kubernetes-target.ts";
import {
  devicePlugin,
  devicePluginNamespace,
  devicePluginNetworkPolicy,
  gpuRuntimeClass,
  timeSlicingConfig,
} from "./device-plugin.ts";
import { gpuNodePatch, poolTaints } from "./node-patch.ts";

type Args = GpuNodePoolArgs<KubernetesTarget>;

/** The nodes with GPUs: marked, kept free of other pods and, where it is wanted, made to offer them. */
export class GpuNodePool extends pulumi.ComponentResource {
  readonly #args: Args;

  constructor(name: string, args: Args, opts?: pulumi.ComponentResourceOptions) {
    const { settings } = args;
    super("updraft:platform:GpuNodePool", name, { ...settings }, opts);
    this.#args = args;
    this.#nodes(name);
    const runtimeClass = this.#runtimeClass(name);
    if (settings.devicePlugin) this.#devicePlugin(name, runtimeClass);
    this.registerOutputs({});
  }

  #nodes(name: string): void {
    const { environment, settings } = this.#args;
    if (!settings.nodes) return;
    const { gpuNodes, nodeTaints } = environment.facts;
    for (const node of settings.nodes.names ?? gpuNodes) {
      const { taints, problem } = poolTaints(node, nodeTaints?.[node]);
      if (problem !== undefined) void pulumi.log.warn(problem, this);
      new k8s.core.v1.NodePatch(`${name}-node-${node}`, gpuNodePatch(node, taints), {
        parent: this,
        provider: environment.provider,
        // The patch of a node that leaves the pool is taken off before another's is put on.
        deleteBeforeReplace: true,
      });
    }
  }

  #runtimeClass(name: string): pulumi.Resource[] {
    const { environment, settings } = this.#args;
    const { name: className, handler } = settings.runtimeClass ?? {};
    if (className === undefined || handler === undefined) return [];
    return [
      new k8s.node.v1.RuntimeClass(
        `${name}-runtime-class`,
        gpuRuntimeClass(environment.stack, { name: className, handler }),
        { parent: this, provider: environment.provider },
      ),
    ];
  }

  #devicePlugin(name: string, runtimeClass: pulumi.Resource[]): void {
    const { environment, settings } = this.#args;
    const { stack, config, images } = environment;
    const options = { parent: this, provider: environment.provider };
    const namespace = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      devicePluginNamespace(stack, `${namespaceOf(stack, config)}-gpu`),
      options,
    );
    const place = { stack, namespace: namespace.metadata.name };
    new k8s.networking.v1.NetworkPolicy(
      `${name}-policy`,
      devicePluginNetworkPolicy(place),
      options,
    );
    const sharedBy = settings.timeSlicing?.replicas;
    const sharing = sharedBy
      ? [new k8s.core.v1.ConfigMap(`${name}-sharing`, timeSlicingConfig(place, sharedBy), options)]
      : [];
    new k8s.apps.v1.DaemonSet(
      `${name}-device-plugin`,
      devicePlugin({
        place,
        sharedBy,
        image: images.devicePlugin,
        runtimeClass: settings.runtimeClass?.name,
      }),
      { ...options, dependsOn: [...runtimeClass, ...sharing] },
    );
  }
}
