import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Release } from "@updraft/contracts/release";
import type { TrackerArgs } from "../../platform.ts";
import { runPage } from "../../run-page.ts";
import type { TrackerVariables } from "../../tracker-credentials.ts";
import { checksumOf } from "../checksum.ts";
import type { KubernetesTarget } from "../kubernetes-target.ts";
import { metadata } from "../metadata.ts";
import { scrapeAnnotations } from "../monitoring/scrape-annotations.ts";
import { egressTo, networkPolicy, podsOf, tcp, type EgressRule } from "../network-policy.ts";
import { ingressUrl, partIngress, partService } from "../part-service.ts";
import { variables } from "../variables.ts";
import {
  clientCredentials,
  noCredentials,
  ownCredentials,
  type TrackerCredentials,
} from "./credentials.ts";
import { trackerDeployment, trackerPart, trackerPort } from "./deployment.ts";
import { existingDatabase, ownDatabase, type Database } from "./own-database.ts";
import type { KubernetesTracker, TrackerAccess } from "./tracker-access.ts";

/** The tracker with its Postgres, MLflow's own server in its place, or one that is there already. */
export class Tracker extends pulumi.ComponentResource implements KubernetesTracker {
  readonly url: pulumi.Output<string>;
  readonly variables: TrackerVariables;
  readonly token: pulumi.Output<string> | undefined;
  readonly access: TrackerAccess;
  readonly ready: readonly pulumi.Resource[];
  readonly #args: TrackerArgs<KubernetesTarget>;
  readonly #page: "updraft" | "mlflow";

  constructor(
    name: string,
    args: TrackerArgs<KubernetesTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { environment, settings } = args;
    const { kind, uri } = settings;
    super("updraft:platform:Tracker", name, uri === undefined ? { kind } : { uri }, opts);
    this.#args = args;
    this.#page = uri === undefined ? kind : "mlflow";
    const credentials = this.#credentials(name);
    this.ready = uri === undefined ? this.#start(name, credentials) : present([credentials.secret]);
    this.url = uri === undefined ? this.#ownUrl() : pulumi.output(uri);
    const inCluster = uri ?? `http://${trackerPart.name}:${trackerPort.port}`;
    const own: EgressRule = {
      to: [podsOf(environment, trackerPart.name)],
      ports: [tcp(trackerPort.port)],
    };
    this.access = {
      variables: [...variables({ MLFLOW_TRACKING_URI: inCluster }), ...credentials.variables],
      egress: [uri === undefined ? own : egressTo(uri)],
      checksum: credentials.checksum,
    };
    this.variables = { MLFLOW_TRACKING_URI: this.url };
    this.token = credentials.token;
    this.registerOutputs({ url: this.url });
  }

  runUrl(release: pulumi.Output<Release>): pulumi.Output<string> {
    return runPage(this.url, release, this.#page);
  }

  #credentials(name: string): TrackerCredentials {
    const { environment, credentials, settings } = this.#args;
    if (settings.uri !== undefined) return clientCredentials(name, credentials, environment, this);
    if (settings.kind === "mlflow") return noCredentials();
    return ownCredentials(name, credentials, environment, this);
  }

  /** Where it is called: from outside, or from any pod that the network lets. */
  #ownUrl(): pulumi.Output<string> {
    const { environment, settings } = this.#args;
    if (settings.ingress) return pulumi.output(ingressUrl(settings.ingress));
    const { clusterDomain } = environment.config.kubernetes;
    return pulumi.interpolate`http://${trackerPart.name}.${environment.namespace}.svc.${clusterDomain}:${trackerPort.port}`;
  }

  #start(name: string, credentials: TrackerCredentials): pulumi.Resource[] {
    const { environment, settings, store } = this.#args;
    const options = environment.objectOptions(this);
    const database = this.#database(name);
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      {
        metadata: metadata(environment, trackerPart, {
          annotations: store.access.tracker.serviceAccountAnnotations,
        }),
        automountServiceAccountToken: false,
      },
      options,
    );
    const policy = this.#policy(name, database);
    const service = new k8s.core.v1.Service(
      `${name}-service`,
      partService(environment, trackerPart, trackerPort),
      options,
    );
    if (settings.ingress) {
      new k8s.networking.v1.Ingress(
        `${name}-ingress`,
        partIngress(environment, trackerPart, settings.ingress, trackerPort),
        options,
      );
    }
    const first = [account, policy, ...database.ready, ...store.ready];
    const server = this.#server(name, credentials, database, [
      ...first,
      ...present([credentials.secret]),
    ]);
    return [service, server];
  }

  #database(name: string): Database {
    const { environment } = this.#args;
    const uri = new pulumi.Config().getSecret("databaseUri");
    if (uri) return existingDatabase(name, uri, environment, this);
    return ownDatabase(name, environment, this);
  }

  #policy(name: string, database: Database): k8s.networking.v1.NetworkPolicy {
    const { environment, settings, store } = this.#args;
    // A controller may be in the network of its node, which no policy can name.
    const from = settings.ingress ? {} : { from: [podsOf(environment, "trainer")] };
    return new k8s.networking.v1.NetworkPolicy(
      `${name}-policy`,
      networkPolicy(environment, trackerPart, {
        ingress: [{ ...from, ports: [tcp(trackerPort.port)] }],
        egress: [...store.access.tracker.egress, database.egress],
      }),
      environment.objectOptions(this),
    );
  }

  #server(
    name: string,
    credentials: TrackerCredentials,
    database: Database,
    dependsOn: pulumi.Resource[],
  ): k8s.apps.v1.Deployment {
    const { environment, settings, store } = this.#args;
    const { config, images } = environment;
    const isOurs = settings.kind === "updraft";
    if (images.tracker === undefined) throw new Error("there is no image of a tracker to start");
    return new k8s.apps.v1.Deployment(
      `${name}-server`,
      trackerDeployment({
        place: environment,
        settings,
        image: images.tracker,
        pullSecrets: config.images.pullSecrets,
        serviceAccountName: trackerPart.name,
        artifactsUri: store.uri,
        storeVariables: store.access.tracker.variables,
        allowedHosts: this.#allowedHosts(),
        checksum: checksumOf({
          credentials: credentials.checksum,
          database: database.checksum,
          store: store.access.tracker.checksum,
        }),
        annotations: isOurs ? scrapeAnnotations(config.monitoring, trackerPort.port) : {},
      }),
      { ...environment.objectOptions(this), dependsOn },
    );
  }

  #allowedHosts(): pulumi.Output<string> {
    const { environment, settings } = this.#args;
    const { clusterDomain } = environment.config.kubernetes;
    return environment.namespace.apply((namespace) =>
      [
        trackerPart.name,
        `${trackerPart.name}.${namespace}`,
        `${trackerPart.name}.${namespace}.svc`,
        `${trackerPart.name}.${namespace}.svc.${clusterDomain}`,
        // Through a port-forward.
        "localhost",
        "127.0.0.1",
      ]
        .map((host) => `${host}:*`)
        .concat(settings.ingress ? [settings.ingress.host] : [])
        .join(","),
    );
  }
}

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}
