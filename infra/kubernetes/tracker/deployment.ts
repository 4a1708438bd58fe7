import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesConfig } from "../../config/config.ts";
import { checksumAnnotation } from "../checksum.ts";
import { selectorOf } from "../labels.ts";
import { metadata, type Place } from "../metadata.ts";
import { podBasics } from "../pod-basics.ts";
import { resourcesOf } from "../resources.ts";
import { containerSecurityContext, temporaryMount, temporaryVolume } from "../restricted.ts";
import { secretVariable, variables, type Variable } from "../variables.ts";
import { databasePart } from "./database.ts";
import { accessSecret, credentialsKey } from "./credentials.ts";

/** The tracker as a part of the stack. */
export const trackerPart = { name: "tracker", component: "tracking" };

export const trackerPort = { name: "http", port: 5000 };

/** Where the file of credentials lies in the container. */
const credentialsFolder = "/etc/tracker";

/** How long requests in progress may take when a pod is to end. */
const drainSeconds = 20;

/** What differs between ours and MLflow's own server. */
interface Kind {
  readonly resources: Parameters<typeof resourcesOf>[0];
  readonly livePath: string;
  readonly readyPath: string;
  /** How long it may take to start, in seconds: MLflow first brings the database up to date. */
  readonly startSeconds: number;
}

const kinds: Readonly<Record<KubernetesConfig["tracker"]["kind"], Kind>> = {
  updraft: {
    resources: {
      requests: { cpu: "100m", memory: "192Mi" },
      limits: { cpu: "2", memory: "768Mi" },
    },
    livePath: "/health",
    readyPath: "/ready",
    startSeconds: 120,
  },
  mlflow: {
    resources: {
      requests: { cpu: "250m", memory: "1Gi" },
      limits: { cpu: "2", memory: "3Gi" },
    },
    livePath: "/health",
    readyPath: "/health",
    startSeconds: 300,
  },
};

/** What the tracker's pods are made of. */
export interface TrackerPodArgs {
  readonly place: Place;
  readonly settings: Pick<KubernetesConfig["tracker"], "kind" | "replicas" | "resources">;
  readonly image: pulumi.Input<string>;
  readonly pullSecrets: readonly string[];
  readonly serviceAccountName: string;
  /** Address of the store that keeps artifacts, and the variables to reach it. */
  readonly artifactsUri: pulumi.Input<string>;
  readonly storeVariables: readonly Variable[];
  /** Names under which MLflow's server may be called. */
  readonly allowedHosts: pulumi.Input<string>;
  /** Of all that the pods take from Secrets. */
  readonly checksum: pulumi.Input<string>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The tracker, rolled without a moment in which none answers. */
export function trackerDeployment(args: TrackerPodArgs) {
  const { place, settings, checksum, annotations } = args;
  const meta = metadata(place, trackerPart);
  return {
    metadata: meta,
    spec: {
      replicas: settings.replicas,
      selector: { matchLabels: selectorOf({ name: trackerPart.name, stack: place.stack }) },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      progressDeadlineSeconds: kinds[settings.kind].startSeconds + 180,
      template: {
        metadata: {
          labels: meta.labels,
          annotations: { ...annotations, [checksumAnnotation]: checksum },
        },
        spec: {
          ...podBasics(args.serviceAccountName, args.pullSecrets),
          terminationGracePeriodSeconds: drainSeconds + 20,
          containers: [trackerContainer(args)],
          volumes: [...(isOurs(args) ? [credentialsVolume()] : []), temporaryVolume],
        },
      },
    },
  } satisfies k8s.types.input.apps.v1.Deployment;
}

function isOurs({ settings }: Pick<TrackerPodArgs, "settings">): boolean {
  return settings.kind === "updraft";
}

function trackerContainer(args: TrackerPodArgs) {
  const { settings, image } = args;
  const kind = kinds[settings.kind];
  const httpGet = (path: string) => ({ path, port: trackerPort.name });
  return {
    name: trackerPart.name,
    image,
    ...(isOurs(args) ? {} : mlflowCommand()),
    env: isOurs(args) ? ourVariables(args) : mlflowVariables(args),
    ports: [{ name: trackerPort.name, containerPort: trackerPort.port, protocol: "TCP" }],
    startupProbe: {
      httpGet: httpGet(kind.livePath),
      periodSeconds: 2,
      failureThreshold: kind.startSeconds / 2,
      timeoutSeconds: 5,
    },
    readinessProbe: { httpGet: httpGet(kind.readyPath), periodSeconds: 5, timeoutSeconds: 5 },
    livenessProbe: {
      httpGet: httpGet(kind.livePath),
      periodSeconds: 10,
      failureThreshold: 6,
      timeoutSeconds: 5,
    },
    resources: resourcesOf(kind.resources, settings.resources),
    securityContext: containerSecurityContext,
    // Why it does not start is said on its output.
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [
      ...(isOurs(args)
        ? [{ name: "credentials", mountPath: credentialsFolder, readOnly: true }]
        : []),
      temporaryMount,
    ],
  };
}

function credentialsVolume() {
  return {
    name: "credentials",
    secret: { secretName: accessSecret, items: [{ key: credentialsKey, path: credentialsKey }] },
  };
}

function ourVariables({ artifactsUri, storeVariables }: TrackerPodArgs): Variable[] {
  return [
    ...variables({
      HOST: "0.0.0.0",
      PORT: String(trackerPort.port),
      DRAIN_SECONDS: String(drainSeconds),
      HOME: "/tmp",
      UPDRAFT_CACHE: "/tmp/cache",
      MLFLOW_ARTIFACTS_DESTINATION: artifactsUri,
      TRACKER_CREDENTIALS_FILE: `${credentialsFolder}/${credentialsKey}`,
    }),
    secretVariable("MLFLOW_BACKEND_STORE_URI", databasePart.name, "uri"),
    ...storeVariables,
  ];
}

/** MLflow's server takes the rest of its options from variables, so that no password is in them. */
function mlflowCommand() {
  return {
    command: ["mlflow", "server"],
    args: ["--host", "0.0.0.0", "--port", String(trackerPort.port), "--serve-artifacts"],
  };
}

/** Names of variables that MLflow's Python reads where ours have other ones. */
const mlflowNames: Readonly<Record<string, string>> = {
  S3_ENDPOINT_URL: "MLFLOW_S3_ENDPOINT_URL",
  AWS_REGION: "AWS_DEFAULT_REGION",
};

function mlflowVariables(args: TrackerPodArgs): Variable[] {
  return [
    ...variables({
      HOME: "/tmp",
      MLFLOW_ARTIFACTS_DESTINATION: args.artifactsUri,
      MLFLOW_SERVER_ALLOWED_HOSTS: args.allowedHosts,
    }),
    secretVariable("MLFLOW_BACKEND_STORE_URI", databasePart.name, "uri"),
    ...args.storeVariables.map((variable) => ({
      ...variable,
      name: mlflowNames[variable.name] ?? variable.name,
    })),
  ];
}
