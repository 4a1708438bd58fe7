import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { InferenceArgs, InferenceOutputs } from "../../platform.ts";
import { checksumOf } from "../checksum.ts";
import type { KubernetesTarget } from "../kubernetes-target.ts";
import { scrapeAnnotations } from "../monitoring/scrape-annotations.ts";
import { partIngress } from "../part-service.ts";
import { inferenceAccess, type InferenceAccess } from "./access.ts";
import { type BalancerAddress, inferenceUrl } from "./addresses.ts";
import { inferenceAutoscaler } from "./autoscaler.ts";
import { inferenceDeployment, rolloutTimeout } from "./deployment.ts";
import { inferenceDisruptionBudget } from "./disruption-budget.ts";
import { inferenceRoute } from "./http-route.ts";
import { kserveInferenceService } from "./inference-service.ts";
import { inferenceNetworkPolicy } from "./network-policy.ts";
import { inferenceServiceAccount } from "./service-account.ts";
import { inferenceService } from "./service.ts";
import { portName, serverPort, serving, type ServingArgs } from "./serving.ts";

type Args = InferenceArgs<KubernetesTarget>;

/** The server as pods, pinned to the package of a release. */
export class Inference extends pulumi.ComponentResource implements InferenceOutputs {
  readonly url: pulumi.Output<string>;
  readonly predictUrl: pulumi.Output<string>;
  readonly #name: string;
  readonly #args: Args;
  readonly #serving: ServingArgs;

  constructor(name: string, args: Args, opts?: pulumi.ComponentResourceOptions) {
    const { environment, settings, store, token } = args;
    super("updraft:platform:Inference", name, { ...settings }, opts);
    this.#name = name;
    this.#args = args;
    const access = inferenceAccess(name, token, environment, this);
    this.#serving = servingArgs(args, access);
    const { egress, serviceAccountAnnotations } = store.access.server;
    const options = environment.objectOptions(this);
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      inferenceServiceAccount(environment, serviceAccountAnnotations),
      options,
    );
    const policy = new k8s.networking.v1.NetworkPolicy(
      `${name}-policy`,
      inferenceNetworkPolicy(environment, settings, egress),
      options,
    );
    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-disruption`,
      inferenceDisruptionBudget(environment),
      options,
    );
    const needed = [account, policy, ...store.ready, ...(access?.ready ?? [])];
    this.url = settings.serving === "kserve" ? this.#kserve(needed) : this.#deployment(needed);
    this.predictUrl = pulumi.interpolate`${this.url}/v1/models/${args.release.model}:predict`;
    this.registerOutputs({ url: this.url, predictUrl: this.predictUrl });
  }

  /** Core objects of Kubernetes. */
  #deployment(needed: pulumi.Resource[]): pulumi.Output<string> {
    const [{ environment, settings }, name] = [this.#args, this.#name];
    const options = environment.objectOptions(this);
    // It is there first: then the number of pods is right as soon as there are any.
    const autoscaler = new k8s.autoscaling.v2.HorizontalPodAutoscaler(
      `${name}-autoscaler`,
      inferenceAutoscaler(environment, settings),
      options,
    );
    const timeout = rolloutTimeout(settings.progressDeadlineSeconds);
    const deployment = new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      inferenceDeployment(this.#serving),
      {
        ...options,
        dependsOn: [...needed, autoscaler],
        // Owned by the autoscaler, whatever an import or an older state says.
        ignoreChanges: ["spec.replicas"],
        customTimeouts: { create: timeout, update: timeout },
      },
    );
    const service = new k8s.core.v1.Service(
      `${name}-service`,
      inferenceService(environment, settings.service),
      // Only a balancer is waited for, and it wants pods behind it.
      { ...options, dependsOn: settings.service.type === "LoadBalancer" ? [deployment] : [] },
    );
    const ways = this.#wayIn([deployment, service]);
    const balancer =
      settings.service.type === "LoadBalancer"
        ? service.status.apply((status) => status?.loadBalancer?.ingress?.[0])
        : pulumi.output<BalancerAddress | undefined>(undefined);
    // There is an address once there is something behind it.
    const behind = [deployment, ...ways].map(({ urn }) => urn);
    return pulumi
      .all([balancer, this.#inCluster(serving.name), pulumi.all(behind)])
      .apply(([address, inCluster]) => inferenceUrl({ settings, balancer: address, inCluster }));
  }

  #wayIn(dependsOn: pulumi.Resource[]): pulumi.Resource[] {
    const [{ environment, settings }, name] = [this.#args, this.#name];
    const options = { ...environment.objectOptions(this), dependsOn };
    const { gateway, ingress } = settings;
    if (ingress) {
      const manifest = partIngress(environment, serving, ingress, { name: portName });
      return [new k8s.networking.v1.Ingress(`${name}-ingress`, manifest, options)];
    }
    if (gateway) {
      const manifest = inferenceRoute(environment, gateway);
      return [new k8s.apiextensions.CustomResource(`${name}-route`, manifest, options)];
    }
    return [];
  }

  /** KServe makes the rest. */
  #kserve(dependsOn: pulumi.Resource[]): pulumi.Output<string> {
    const { environment, settings } = this.#args;
    const timeout = rolloutTimeout(settings.progressDeadlineSeconds);
    const service = new k8s.apiextensions.CustomResource(
      `${this.#name}-inference-service`,
      // Its status is an output only if it is named among the inputs.
      { ...kserveInferenceService(this.#serving), status: undefined },
      {
        ...environment.objectOptions(this),
        dependsOn,
        customTimeouts: { create: timeout, update: timeout },
      },
    );
    const { status } = service as unknown as { status?: pulumi.Output<KserveStatus | undefined> };
    return pulumi
      .all([status, this.#inCluster(`${serving.name}-predictor`)])
      .apply(([said, inCluster]) => said?.url ?? inCluster);
  }

  /** Address of a Service as pods of any namespace reach it. */
  #inCluster(service: string): pulumi.Output<string> {
    const { config, namespace } = this.#args.environment;
    return pulumi.interpolate`http://${service}.${namespace}.svc.${config.kubernetes.clusterDomain}`;
  }
}

interface KserveStatus {
  readonly url?: string;
}

function servingArgs(
  { environment, release, settings, store }: Args,
  access: InferenceAccess | undefined,
): ServingArgs {
  const { config, images } = environment;
  const { server } = store.access;
  return {
    place: environment,
    settings,
    image: images.server,
    pullSecrets: config.images.pullSecrets,
    release,
    store: server,
    access: access?.variables ?? [],
    // Without a token it is the store's alone, so that nothing rolls that has none.
    checksum: access
      ? checksumOf({ access: access.checksum, store: server.checksum })
      : server.checksum,
    scrapeAnnotations: scrapeAnnotations(config.monitoring, serverPort),
  };
}
