import { expect, it } from "vitest";
import { secretVariable, variables } from "../variables.ts";
import { trackerDeployment, type TrackerPodArgs } from "./deployment.ts";

const selector = { "app.kubernetes.io/name": "tracker", "app.kubernetes.io/instance": "dev" };
const labels = {
  ...selector,
  "app.kubernetes.io/component": "tracking",
  "app.kubernetes.io/part-of": "updraft",
  "app.kubernetes.io/managed-by": "pulumi",
  "updraft.dev/stack": "dev",
};
const args: TrackerPodArgs = {
  place: { stack: "dev", namespace: "updraft-dev" },
  settings: { kind: "updraft", replicas: 2, resources: {} },
  image: "tracker@sha256:1",
  pullSecrets: [],
  serviceAccountName: "tracker",
  artifactsUri: "s3://updraft",
  storeVariables: [
    ...variables({ AWS_REGION: "us-east-1", S3_ENDPOINT_URL: "http://store:9000" }),
    secretVariable("AWS_ACCESS_KEY_ID", "store-tracker"),
  ],
  allowedHosts: "tracker:*",
  checksum: "sha256:c",
  annotations: { "prometheus.io/scrape": "true" },
};
const storeVariables = [
  { name: "AWS_REGION", value: "us-east-1" },
  { name: "S3_ENDPOINT_URL", value: "http://store:9000" },
  {
    name: "AWS_ACCESS_KEY_ID",
    valueFrom: { secretKeyRef: { name: "store-tracker", key: "AWS_ACCESS_KEY_ID" } },
  },
];
const database = {
  name: "MLFLOW_BACKEND_STORE_URI",
  valueFrom: { secretKeyRef: { name: "tracker-database", key: "uri" } },
};

it("runs ours with the file that says who may use it, and rolls without a gap", () => {
  expect(trackerDeployment(args)).toEqual({
    metadata: { name: "tracker", namespace: "updraft-dev", labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: selector },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      progressDeadlineSeconds: 300,
      template: {
        metadata: {
          labels,
          annotations: { "prometheus.io/scrape": "true", "updraft.dev/config": "sha256:c" },
        },
        spec: {
          serviceAccountName: "tracker",
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
          terminationGracePeriodSeconds: 40,
          containers: [
            {
              name: "tracker",
              image: "tracker@sha256:1",
              env: [
                { name: "DRAIN_SECONDS", value: "20" },
                { name: "HOME", value: "/tmp" },
                { name: "HOST", value: "0.0.0.0" },
                { name: "MLFLOW_ARTIFACTS_DESTINATION", value: "s3://updraft" },
                { name: "PORT", value: "5000" },
                { name: "TRACKER_CREDENTIALS_FILE", value: "/etc/tracker/credentials.json" },
                { name: "UPDRAFT_CACHE", value: "/tmp/cache" },
                database,
                ...storeVariables,
              ],
              ports: [{ name: "http", containerPort: 5000, protocol: "TCP" }],
              startupProbe: {
                httpGet: { path: "/health", port: "http" },
                periodSeconds: 2,
                failureThreshold: 60,
                timeoutSeconds: 5,
              },
              readinessProbe: {
                httpGet: { path: "/ready", port: "http" },
                periodSeconds: 5,
                timeoutSeconds: 5,
              },
              livenessProbe: {
                httpGet: { path: "/health", port: "http" },
                periodSeconds: 10,
                failureThreshold: 6,
                timeoutSeconds: 5,
              },
              resources: {
                requests: { cpu: "100m", memory: "192Mi" },
                limits: { cpu: "2", memory: "768Mi" },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [
                { name: "credentials", mountPath: "/etc/tracker", readOnly: true },
                { name: "tmp", mountPath: "/tmp" },
              ],
            },
          ],
          volumes: [
            {
              name: "credentials",
              secret: {
                secretName: "tracker-access",
                items: [{ key: "credentials.json", path: "credentials.json" }],
              },
            },
            { name: "tmp", emptyDir: {} },
          ],
        },
      },
    },
  });
});

it("runs MLflow's own server with the names that it reads, and no password among its arguments", () => {
  const settings = { kind: "mlflow", replicas: 1, resources: {} } as const;
  const { containers, volumes } = trackerDeployment({ ...args, settings }).spec.template.spec;
  expect(volumes).toEqual([{ name: "tmp", emptyDir: {} }]);
  expect(containers[0]).toMatchObject({
    command: ["mlflow", "server"],
    args: ["--host", "0.0.0.0", "--port", "5000", "--serve-artifacts"],
    env: [
      { name: "HOME", value: "/tmp" },
      { name: "MLFLOW_ARTIFACTS_DESTINATION", value: "s3://updraft" },
      { name: "MLFLOW_SERVER_ALLOWED_HOSTS", value: "tracker:*" },
      database,
      { name: "AWS_DEFAULT_REGION", value: "us-east-1" },
      { name: "MLFLOW_S3_ENDPOINT_URL", value: "http://store:9000" },
      storeVariables[2],
    ],
    readinessProbe: { httpGet: { path: "/health" } },
  });
});
