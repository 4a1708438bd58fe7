import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesConfig } from "../../config/config.ts";
import { checksumAnnotation } from "../checksum.ts";
import { selectorOf } from "../labels.ts";
import { metadata, type Place } from "../metadata.ts";
import { podBasics } from "../pod-basics.ts";
import { resourcesOf } from "../resources.ts";
import { containerSecurityContext, temporaryMount, temporaryVolume } from "../restricted.ts";
import { secretVariable, variables } from "../variables.ts";

/** The store as a part of the stack. */
export const storePart = { name: "store", component: "storage" };

/** Where it listens, in the cluster. */
export const storePort = 9000;
export const storeEndpoint = `http://${storePart.name}:${storePort}`;

/** Secret of the user who may do everything. */
export const rootSecret = "store-root";

/** Its port, by its name in the pod. */
export const storeNamedPort = { name: "s3", port: storePort };

type Settings = Pick<KubernetesConfig["store"], "resources">;

const defaultResources = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { cpu: "2", memory: "1Gi" },
};

/** What the store's pod is made of. */
export interface MinioArgs {
  readonly place: Place;
  readonly settings: Settings;
  readonly image: pulumi.Input<string>;
  readonly pullSecrets: readonly string[];
  /** Of the root user's keys. */
  readonly checksum: pulumi.Input<string>;
}

/** MinIO with one volume. */
export function storeStatefulSet({ place, settings, image, pullSecrets, checksum }: MinioArgs) {
  const meta = metadata(place, storePart);
  return {
    metadata: meta,
    spec: {
      serviceName: storePart.name,
      replicas: 1,
      selector: { matchLabels: selectorOf({ name: storePart.name, stack: place.stack }) },
      template: {
        metadata: { labels: meta.labels, annotations: { [checksumAnnotation]: checksum } },
        spec: {
          ...podBasics(storePart.name, pullSecrets),
          containers: [storeContainer(image, settings)],
          volumes: [
            { name: "data", persistentVolumeClaim: { claimName: storePart.name } },
            temporaryVolume,
          ],
        },
      },
    },
  } satisfies k8s.types.input.apps.v1.StatefulSet;
}

function storeContainer(image: pulumi.Input<string>, settings: Settings) {
  return {
    name: storePart.name,
    image,
    command: ["minio"],
    args: ["server", "/data", "--address", `:${storePort}`, "--certs-dir", "/tmp/certs"],
    env: [
      ...variables({ HOME: "/tmp", MINIO_BROWSER: "off", MINIO_UPDATE: "off" }),
      secretVariable("MINIO_ROOT_USER", rootSecret, "AWS_ACCESS_KEY_ID"),
      secretVariable("MINIO_ROOT_PASSWORD", rootSecret, "AWS_SECRET_ACCESS_KEY"),
    ],
    ports: [{ name: "s3", containerPort: storePort, protocol: "TCP" }],
    startupProbe: healthProbe("/minio/health/live", { periodSeconds: 2, failureThreshold: 60 }),
    readinessProbe: healthProbe("/minio/health/ready", { periodSeconds: 5 }),
    livenessProbe: healthProbe("/minio/health/live", { periodSeconds: 10, failureThreshold: 6 }),
    resources: resourcesOf(defaultResources, settings.resources),
    securityContext: containerSecurityContext,
    volumeMounts: [{ name: "data", mountPath: "/data" }, temporaryMount],
  };
}

function healthProbe(path: string, timing: Readonly<Record<string, number>>) {
  return { httpGet: { path, port: "s3" }, timeoutSeconds: 5, ...timing };
}
