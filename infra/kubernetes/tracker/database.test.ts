import { expect, it } from "vitest";
import { databaseStatefulSet } from "./database.ts";

const selector = {
  "app.kubernetes.io/name": "tracker-database",
  "app.kubernetes.io/instance": "dev",
};
const labels = {
  ...selector,
  "app.kubernetes.io/component": "database",
  "app.kubernetes.io/part-of": "updraft",
  "app.kubernetes.io/managed-by": "pulumi",
  "updraft.dev/stack": "dev",
};
const secret = (name: string, key: string) => ({
  name,
  valueFrom: { secretKeyRef: { name: "tracker-database", key } },
});
const ready = ["pg_isready", "--quiet", "--host", "127.0.0.1", "--username", "tracker"];

it("runs Postgres as the image's own user, and has it take up the Secret's password", () => {
  const manifest = databaseStatefulSet({
    place: { stack: "dev", namespace: "updraft-dev" },
    settings: { resources: { requests: { cpu: "1" } } },
    image: "postgres@sha256:1",
    pullSecrets: [],
    checksum: "sha256:c",
  });
  const [container] = manifest.spec.template.spec.containers;
  const [, , script] = container!.lifecycle.postStart.exec.command;
  expect(script).toContain("ALTER ROLE CURRENT_USER PASSWORD");
  expect(manifest).toEqual({
    metadata: { name: "tracker-database", namespace: "updraft-dev", labels },
    spec: {
      serviceName: "tracker-database",
      replicas: 1,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels, annotations: { "updraft.dev/config": "sha256:c" } },
        spec: {
          serviceAccountName: "tracker-database",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 999,
            runAsGroup: 999,
            fsGroup: 999,
            fsGroupChangePolicy: "OnRootMismatch",
            seccompProfile: { type: "RuntimeDefault" },
          },
          terminationGracePeriodSeconds: 60,
          containers: [
            {
              name: "tracker-database",
              image: "postgres@sha256:1",
              env: [
                secret("POSTGRES_USER", "PGUSER"),
                secret("POSTGRES_PASSWORD", "PGPASSWORD"),
                secret("POSTGRES_DB", "PGDATABASE"),
                { name: "PGDATA", value: "/data/postgres" },
              ],
              ports: [{ name: "postgres", containerPort: 5432, protocol: "TCP" }],
              lifecycle: { postStart: { exec: { command: ["sh", "-c", script] } } },
              startupProbe: {
                exec: { command: ready },
                periodSeconds: 2,
                failureThreshold: 60,
                timeoutSeconds: 5,
              },
              readinessProbe: { exec: { command: ready }, periodSeconds: 5, timeoutSeconds: 5 },
              livenessProbe: {
                exec: { command: ready },
                periodSeconds: 20,
                failureThreshold: 6,
                timeoutSeconds: 5,
              },
              resources: {
                requests: { cpu: "1", memory: "128Mi" },
                limits: { cpu: "2", memory: "512Mi" },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
              volumeMounts: [
                { name: "data", mountPath: "/data" },
                { name: "run", mountPath: "/var/run/postgresql" },
                { name: "tmp", mountPath: "/tmp" },
              ],
            },
          ],
          volumes: [
            { name: "data", persistentVolumeClaim: { claimName: "tracker-database" } },
            { name: "run", emptyDir: {} },
            { name: "tmp", emptyDir: {} },
          ],
        },
      },
    },
  });
});
