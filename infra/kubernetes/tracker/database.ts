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

/** The tracker's database as a part of the stack; its Secret has the same name. */
export const databasePart = { name: "tracker-database", component: "database" };

export const databasePort = { name: "postgres", port: 5432 };

/** User and database of the tracker. */
export const databaseUser = "tracker";

/** The user that the files of the official image belong to. */
const postgresUser = 999;

const defaultResources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "2", memory: "512Mi" },
};

/**
 * A volume keeps the password that it was made with, and the Secret may have another one by now: a
 * new one, or that of a stack which found the volume of an older one. The socket wants none.
 */
const takeUpPassword = `attempts=0
until printf '%s\\n' "ALTER ROLE CURRENT_USER PASSWORD :'password'" |
  psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" \\
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --host /var/run/postgresql; do
  attempts=$((attempts + 1))
  if [ "$attempts" -ge 120 ]; then exit 1; fi
  sleep 1
done
`;

/** What the database's pod is made of. */
export interface DatabaseArgs {
  readonly place: Place;
  readonly settings: Pick<KubernetesConfig["tracker"]["database"], "resources">;
  readonly image: pulumi.Input<string>;
  readonly pullSecrets: readonly string[];
  /** Of the password. */
  readonly checksum: pulumi.Input<string>;
}

/** Postgres with one volume. */
export function databaseStatefulSet(args: DatabaseArgs) {
  const { place, settings, image, pullSecrets, checksum } = args;
  const meta = metadata(place, databasePart);
  const { name } = databasePart;
  return {
    metadata: meta,
    spec: {
      serviceName: name,
      replicas: 1,
      selector: { matchLabels: selectorOf({ name, stack: place.stack }) },
      template: {
        metadata: { labels: meta.labels, annotations: { [checksumAnnotation]: checksum } },
        spec: {
          ...podBasics(name, pullSecrets, postgresUser),
          terminationGracePeriodSeconds: 60,
          containers: [databaseContainer(image, settings)],
          volumes: [
            { name: "data", persistentVolumeClaim: { claimName: name } },
            { name: "run", emptyDir: {} },
            temporaryVolume,
          ],
        },
      },
    },
  } satisfies k8s.types.input.apps.v1.StatefulSet;
}

function databaseContainer(image: pulumi.Input<string>, settings: DatabaseArgs["settings"]) {
  const ready = ["pg_isready", "--quiet", "--host", "127.0.0.1", "--username", databaseUser];
  return {
    name: databasePart.name,
    image,
    env: [
      secretVariable("POSTGRES_USER", databasePart.name, "PGUSER"),
      secretVariable("POSTGRES_PASSWORD", databasePart.name, "PGPASSWORD"),
      secretVariable("POSTGRES_DB", databasePart.name, "PGDATABASE"),
      // A folder of its own: the volume's may hold what its file system keeps there.
      ...variables({ PGDATA: "/data/postgres" }),
    ],
    ports: [{ name: databasePort.name, containerPort: databasePort.port, protocol: "TCP" }],
    lifecycle: { postStart: { exec: { command: ["sh", "-c", takeUpPassword] } } },
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
    resources: resourcesOf(defaultResources, settings.resources),
    securityContext: containerSecurityContext,
    volumeMounts: [
      { name: "data", mountPath: "/data" },
      { name: "run", mountPath: "/var/run/postgresql" },
      temporaryMount,
    ],
  };
}
