import { parseConfig } from "../../config/parse-config.ts";
import type { KubernetesConfig } from "../../config/config.ts";
import { secretVariable } from "../variables.ts";
import type { ServingArgs } from "./serving.ts";

export const digest = `sha256:${"a".repeat(64)}` as const;
export const image = `registry.example.com/updraft/server@sha256:${"b".repeat(64)}`;
export const place = { stack: "dev", namespace: "updraft-dev" };

/** Settings with every default filled in. */
export function inferenceSettings(values: object = {}): KubernetesConfig["inference"] {
  const config = parseConfig("updraft", {
    "updraft:target": "kubernetes",
    "updraft:images": JSON.stringify({ registry: "registry.example.com/updraft" }),
    "updraft:inference": JSON.stringify(values),
  });
  if (config.target !== "kubernetes") throw new Error("another target was configured");
  return config.inference;
}

export const release = {
  model: "digits",
  version: "4",
  uri: "s3://updraft/models/digits/aaaa",
  digest,
};

export function servingArgs(settings: object = {}): ServingArgs {
  return {
    place,
    settings: inferenceSettings(settings),
    image,
    pullSecrets: [],
    release,
    store: {
      variables: [
        { name: "S3_ENDPOINT_URL", value: "http://store:9000" },
        secretVariable("AWS_ACCESS_KEY_ID", "store-server"),
        secretVariable("AWS_SECRET_ACCESS_KEY", "store-server"),
      ],
    },
    access: [],
    checksum: "sha256:keys",
    scrapeAnnotations: { "prometheus.io/scrape": "true" },
  };
}

export const labels = {
  "app.kubernetes.io/name": "inference",
  "app.kubernetes.io/instance": "dev",
  "app.kubernetes.io/component": "serving",
  "app.kubernetes.io/part-of": "updraft",
  "app.kubernetes.io/managed-by": "pulumi",
  "updraft.dev/stack": "dev",
};

export const selector = {
  "app.kubernetes.io/name": "inference",
  "app.kubernetes.io/instance": "dev",
};

/** What the server's container is, whoever makes its pod. */
export const expectedContainer = {
  image,
  imagePullPolicy: "IfNotPresent",
  ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
  env: [
    { name: "DRAIN_SECONDS", value: "20" },
    { name: "HOST", value: "0.0.0.0" },
    { name: "KEEP_ALIVE_SECONDS", value: "75" },
    { name: "LAME_DUCK_SECONDS", value: "5" },
    { name: "MODEL_DIGEST", value: digest },
    { name: "MODEL_NAME", value: "digits" },
    { name: "MODEL_URI", value: "s3://updraft/models/digits/aaaa" },
    { name: "MODEL_VERSION", value: "4" },
    { name: "PORT", value: "8080" },
    { name: "S3_ENDPOINT_URL", value: "http://store:9000" },
    {
      name: "AWS_ACCESS_KEY_ID",
      valueFrom: { secretKeyRef: { name: "store-server", key: "AWS_ACCESS_KEY_ID" } },
    },
    {
      name: "AWS_SECRET_ACCESS_KEY",
      valueFrom: { secretKeyRef: { name: "store-server", key: "AWS_SECRET_ACCESS_KEY" } },
    },
  ],
  resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "512Mi" } },
  startupProbe: {
    httpGet: { path: "/health", port: "http" },
    timeoutSeconds: 5,
    periodSeconds: 1,
    failureThreshold: 120,
  },
  readinessProbe: {
    httpGet: { path: "/ready", port: "http" },
    timeoutSeconds: 5,
    periodSeconds: 2,
    failureThreshold: 3,
  },
  livenessProbe: {
    httpGet: { path: "/health", port: "http" },
    timeoutSeconds: 5,
    periodSeconds: 10,
    failureThreshold: 6,
  },
  lifecycle: { preStop: { sleep: { seconds: 5 } } },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
  volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
};

const spread = (topologyKey: string) => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels: selector },
  matchLabelKeys: ["pod-template-hash"],
});

/** The pods of a model without their containers. */
export const expectedPod = {
  serviceAccountName: "inference",
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 1000,
    runAsGroup: 1000,
    fsGroup: 1000,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  },
  terminationGracePeriodSeconds: 55,
  topologySpreadConstraints: [
    spread("kubernetes.io/hostname"),
    spread("topology.kubernetes.io/zone"),
  ],
  volumes: [{ name: "tmp", emptyDir: {} }],
};

export const expectedPodAnnotations = {
  "prometheus.io/scrape": "true",
  "updraft.dev/config": "sha256:keys",
  "updraft.dev/model-digest": digest,
};
