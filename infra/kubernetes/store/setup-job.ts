import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { checksumAnnotation } from "../checksum.ts";
import { metadata, type Place } from "../metadata.ts";
import { podBasics } from "../pod-basics.ts";
import { containerSecurityContext, temporaryMount, temporaryVolume } from "../restricted.ts";
import { secretVariable, variables, type Variable } from "../variables.ts";
import { rootSecret, storeEndpoint, storePart } from "./minio.ts";
import { bucket, policies, type KeyUser } from "./policies.ts";

/** What makes bucket, users and rights, as a part of the stack. */
export const setupPart = { name: "store-setup", component: "storage" };

export const storeUsers = Object.keys(policies) as KeyUser[];

/** Secret with the keys of a user. */
export function userSecret(user: KeyUser): string {
  return `store-${user}`;
}

const script = `# Makes the bucket, and each user with just its rights. What is there already is brought up to date.
set -eu
folder="\${0%/*}"
host="\${ENDPOINT#http://}"
export MC_HOST_store="http://$ROOT_USER:$ROOT_PASSWORD@$host"

attempts=0
until mc ls store >/dev/null 2>&1; do
  attempts=$((attempts + 1))
  if [ "$attempts" -ge 60 ]; then
    echo "the store at $ENDPOINT does not answer:" >&2
    mc ls store >&2
    exit 1
  fi
  sleep 2
done

mc mb --ignore-existing "store/$BUCKET"

# Arguments: name of user and policy, access key, secret key.
give() {
  mc admin policy create store "$1" "$folder/$1.json"
  printf '%s\\n%s\\n' "$2" "$3" | mc admin user add store
  case "$(mc --json admin user info store "$2")" in
    *'"policyName"'*"\\"$1\\""*) ;;
    *) mc admin policy attach store "$1" --user "$2" ;;
  esac
}

${storeUsers.map((user) => `give ${user} "$${variableOf(user, "KEY")}" "$${variableOf(user, "SECRET")}"`).join("\n")}
echo "bucket, users and rights are as they should be"
`;

function variableOf(user: KeyUser, kind: "KEY" | "SECRET"): string {
  return `${user.toUpperCase()}_${kind}`;
}

/** The files that the Job works with: the script, and a policy for each user. */
export const setupFiles: Readonly<Record<string, string>> = {
  "setup.sh": script,
  ...Object.fromEntries(
    storeUsers.map((user) => [`${user}.json`, `${JSON.stringify(policies[user], undefined, 2)}\n`]),
  ),
};

/** The ConfigMap with the Job's files. */
export function setupConfigMap(place: Place) {
  return { metadata: metadata(place, setupPart), data: { ...setupFiles } };
}

/** What the Job is made of. */
export interface SetupArgs {
  readonly place: Place;
  readonly image: pulumi.Input<string>;
  readonly pullSecrets: readonly string[];
  /** Of files and keys: with another one the Job runs again. */
  readonly checksum: pulumi.Output<string>;
}

/**
 * Makes bucket, users and rights. Its name changes with what it does: a Job cannot be changed, and
 * under one name the old one had to go before a preview could try the new one.
 */
export function setupJob({ place, image, pullSecrets, checksum }: SetupArgs) {
  const name = checksum.apply(
    (sum) => `${setupPart.name}-${sum.slice("sha256:".length).slice(0, 8)}`,
  );
  // One that failed is of no use: the next update runs it again.
  const meta = metadata(place, setupPart, {
    name,
    annotations: { "pulumi.com/replaceUnready": "true" },
  });
  return {
    metadata: meta,
    spec: {
      backoffLimit: 2,
      activeDeadlineSeconds: 300,
      template: {
        metadata: { labels: meta.labels, annotations: { [checksumAnnotation]: checksum } },
        spec: {
          ...podBasics(storePart.name, pullSecrets),
          restartPolicy: "Never",
          containers: [setupContainer(image)],
          volumes: [{ name: "setup", configMap: { name: setupPart.name } }, temporaryVolume],
        },
      },
    },
  } satisfies k8s.types.input.batch.v1.Job;
}

function setupContainer(image: pulumi.Input<string>) {
  return {
    name: setupPart.name,
    image,
    command: ["sh", "/setup/setup.sh"],
    env: [
      ...variables({
        BUCKET: bucket,
        ENDPOINT: storeEndpoint,
        HOME: "/tmp",
        MC_CONFIG_DIR: "/tmp/mc",
      }),
      secretVariable("ROOT_USER", rootSecret, "AWS_ACCESS_KEY_ID"),
      secretVariable("ROOT_PASSWORD", rootSecret, "AWS_SECRET_ACCESS_KEY"),
      ...storeUsers.flatMap(userVariables),
    ],
    resources: {
      requests: { cpu: "50m", memory: "64Mi" },
      limits: { cpu: "1", memory: "256Mi" },
    },
    securityContext: containerSecurityContext,
    // What it has said is the reason that an update shows.
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [{ name: "setup", mountPath: "/setup", readOnly: true }, temporaryMount],
  };
}

function userVariables(user: KeyUser): Variable[] {
  return [
    secretVariable(variableOf(user, "KEY"), userSecret(user), "AWS_ACCESS_KEY_ID"),
    secretVariable(variableOf(user, "SECRET"), userSecret(user), "AWS_SECRET_ACCESS_KEY"),
  ];
}
