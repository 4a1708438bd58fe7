import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesConfig } from "../../config/config.ts";
import { servingVariables } from "../../serving-variables.ts";
import { checksumAnnotation } from "../checksum.ts";
import { type Labels, labelsOf, selectorOf } from "../labels.ts";
import type { Place } from "../metadata.ts";
import { podBasics } from "../pod-basics.ts";
import { resourcesOf } from "../resources.ts";
import { containerSecurityContext, temporaryMount, temporaryVolume } from "../restricted.ts";
import type { StoreAccess } from "../store/store-access.ts";
import { type Variable, variables } from "../variables.ts";

/** What serves, and the name of all its objects. */
export const serving = { name: "inference", component: "serving" } as const;

/** Where the server listens in its pod, and what its port is called. */
export const serverPort = 8080;
export const portName = "http";

/**
 * How long a pod goes on as if nothing were when it is to end, in seconds: meanwhile the proxies of
 * all nodes, and whoever balances in front of them, learn that it is gone.
 */
export const preStopSeconds = 5;

/** How long a pod that has been told to end still takes connections, of whoever learns it late. */
export const lameDuckSeconds = 5;

/**
 * How long an idle connection is kept, in seconds: longer than the balancers of clouds and ingress
 * controllers keep it (60), so that none sends a request into one that is being closed.
 */
export const keepAliveSeconds = 75;

/** What runs where nothing is configured, in a busy pod measured with room to spare. */
export const defaultResources = {
  requests: { cpu: "250m", memory: "256Mi" },
  limits: { memory: "512Mi" },
} as const;

/** Which package is served. */
export interface ServedRelease {
  readonly model: pulumi.Input<string>;
  readonly version: pulumi.Input<string>;
  readonly uri: pulumi.Input<string>;
  readonly digest: pulumi.Input<string>;
}

/** What the pods of a model are made from, whoever makes them. */
export interface ServingArgs {
  readonly place: Place;
  readonly settings: KubernetesConfig["inference"];
  /** By its digest. */
  readonly image: pulumi.Input<string>;
  /** Names of Secrets with which the nodes pull it. */
  readonly pullSecrets: readonly string[];
  readonly release: ServedRelease;
  readonly store: Pick<StoreAccess, "variables">;
  /** What requests must show, from a Secret; empty where everybody may ask. */
  readonly access: readonly Variable[];
  /** Changes with what the Secrets of store and access say. */
  readonly checksum: pulumi.Input<string>;
  /** By which a scraper finds the pods; empty where none is to. */
  readonly scrapeAnnotations: Readonly<Record<string, string>>;
}

/** The labels by which the pods are found. */
export function servingSelector({ stack }: Pick<Place, "stack">): Labels {
  return selectorOf({ name: serving.name, stack });
}

/** All labels of the pods. */
export function servingLabels({ stack }: Pick<Place, "stack">): Labels {
  return labelsOf({ ...serving, stack });
}

/** Which model an object serves, for whoever looks at it. */
export function modelAnnotations({ digest, version }: ServedRelease) {
  return { "updraft.dev/model-digest": digest, "updraft.dev/model-version": version };
}

/** Annotations of the pods: whatever changes here makes them roll. */
export function podAnnotations({ checksum, release, scrapeAnnotations }: ServingArgs) {
  return {
    ...scrapeAnnotations,
    [checksumAnnotation]: checksum,
    "updraft.dev/model-digest": release.digest,
  };
}

/** Pods of a model without their containers. */
export function servingPod({ place, pullSecrets, settings }: ServingArgs) {
  return {
    ...podBasics(serving.name, pullSecrets),
    // A drain takes its time twice at most: for connections that idle, and for answers under way.
    terminationGracePeriodSeconds: preStopSeconds + lameDuckSeconds + 2 * settings.drainSeconds + 5,
    topologySpreadConstraints: ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map(
      (topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: servingSelector(place) },
        // The pods of the version before do not count.
        matchLabelKeys: ["pod-template-hash"],
      }),
    ),
    volumes: [temporaryVolume],
  };
}

/** The server's container. */
export function serverContainer(name: string, args: ServingArgs) {
  const { image, settings } = args;
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    ports: [{ name: portName, containerPort: serverPort, protocol: "TCP" }],
    env: serverEnvironment(args),
    resources: resourcesOf(defaultResources, settings.resources),
    // It listens before it has its model; a node that is busy takes a while to start anything.
    startupProbe: { ...probe("/health"), periodSeconds: 1, failureThreshold: 120 },
    readinessProbe: { ...probe("/ready"), periodSeconds: 2, failureThreshold: 3 },
    livenessProbe: { ...probe("/health"), periodSeconds: 10, failureThreshold: 6 },
    lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } },
    securityContext: containerSecurityContext,
    volumeMounts: [temporaryMount],
  } satisfies k8s.types.input.core.v1.Container;
}

function serverEnvironment({ access, release, settings, store }: ServingArgs): Variable[] {
  return [
    ...variables({
      HOST: "0.0.0.0",
      PORT: String(serverPort),
      DRAIN_SECONDS: String(settings.drainSeconds),
      LAME_DUCK_SECONDS: String(lameDuckSeconds),
      KEEP_ALIVE_SECONDS: String(keepAliveSeconds),
      MODEL_NAME: release.model,
      MODEL_VERSION: release.version,
      MODEL_URI: release.uri,
      MODEL_DIGEST: release.digest,
      ...servingVariables(settings),
    }),
    ...store.variables,
    ...access,
  ];
}

function probe(path: string) {
  return { httpGet: { path, port: portName }, timeoutSeconds: 5 };
}
