import { expect, it } from "vitest";
import { partService } from "../part-service.ts";
import { volumeClaim } from "../volume-claim.ts";
import { storeNamedPort, storePart, storeStatefulSet } from "./minio.ts";

const place = { stack: "dev", namespace: "updraft-dev" };
const selector = { "app.kubernetes.io/name": "store", "app.kubernetes.io/instance": "dev" };
const labels = {
  ...selector,
  "app.kubernetes.io/component": "storage",
  "app.kubernetes.io/part-of": "updraft",
  "app.kubernetes.io/managed-by": "pulumi",
  "updraft.dev/stack": "dev",
};
const metadata = { name: "store", namespace: "updraft-dev", labels };
const secret = (name: string, key: string) => ({
  name,
  valueFrom: { secretKeyRef: { name: "store-root", key } },
});

it("runs MinIO with its volume, as an ordinary user", () => {
  const manifest = storeStatefulSet({
    place,
    settings: { resources: { limits: { memory: "2Gi" } } },
    image: "minio@sha256:1",
    pullSecrets: ["registry"],
    checksum: "sha256:c",
  });
  expect(manifest).toEqual({
    metadata,
    spec: {
      serviceName: "store",
      replicas: 1,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels, annotations: { "updraft.dev/config": "sha256:c" } },
        spec: {
          serviceAccountName: "store",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          imagePullSecrets: [{ name: "registry" }],
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            runAsGroup: 1000,
            fsGroup: 1000,
            fsGroupChangePolicy: "OnRootMismatch",
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: "store",
              image: "minio@sha256:1",
              command: ["minio"],
              args: ["server", "/data", "--address", ":9000", "--certs-dir", "/tmp/certs"],
              env: [
                { name: "HOME", value: "/tmp" },
                { name: "MINIO_BROWSER", value: "off" },
                { name: "MINIO_UPDATE", value: "off" },
                secret("MINIO_ROOT_USER", "AWS_ACCESS_KEY_ID"),
                secret("MINIO_ROOT_PASSWORD", "AWS_SECRET_ACCESS_KEY"),
              ],
              ports: [{ name: "s3", containerPort: 9000, protocol: "TCP" }],
              startupProbe: {
                httpGet: { path: "/minio/health/live", port: "s3" },
                timeoutSeconds: 5,
                periodSeconds: 2,
                failureThreshold: 60,
              },
              readinessProbe: {
                httpGet: { path: "/minio/health/ready", port: "s3" },
                timeoutSeconds: 5,
                periodSeconds: 5,
              },
              livenessProbe: {
                httpGet: { path: "/minio/health/live", port: "s3" },
                timeoutSeconds: 5,
                periodSeconds: 10,
                failureThreshold: 6,
              },
              resources: {
                requests: { cpu: "100m", memory: "256Mi" },
                limits: { cpu: "2", memory: "2Gi" },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
              volumeMounts: [
                { name: "data", mountPath: "/data" },
                { name: "tmp", mountPath: "/tmp" },
              ],
            },
          ],
          volumes: [
            { name: "data", persistentVolumeClaim: { claimName: "store" } },
            { name: "tmp", emptyDir: {} },
          ],
        },
      },
    },
  });
});

it("claims a volume without waiting for it, of a class if one is named", () => {
  expect(volumeClaim(place, storePart, { storage: "20Gi", storageClass: "fast" })).toEqual({
    metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "fast",
      resources: { requests: { storage: "20Gi" } },
    },
  });
  const { spec } = volumeClaim(place, storePart, { storage: "20Gi" });
  expect(spec).not.toHaveProperty("storageClassName");
});

it("is called by its name, at the port of S3", () => {
  expect(partService(place, storePart, storeNamedPort)).toEqual({
    metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
    spec: {
      selector,
      ports: [{ name: "s3", port: 9000, targetPort: "s3", protocol: "TCP" }],
    },
  });
});
