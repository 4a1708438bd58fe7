import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { checksumOf } from "../checksum.ts";
import type { Environment } from "../environment/environment.ts";
import { metadata } from "../metadata.ts";
import { egressTo, networkPolicy, podsOf, tcp, type EgressRule } from "../network-policy.ts";
import { partService } from "../part-service.ts";
import { volumeClaim } from "../volume-claim.ts";
import { databasePart, databasePort, databaseStatefulSet, databaseUser } from "./database.ts";

/** The tracker's database, as the tracker uses it: the Secret `tracker-database` has its `uri`. */
export interface Database {
  readonly ready: readonly pulumi.Resource[];
  readonly egress: EgressRule;
  readonly checksum: pulumi.Output<string>;
}

/** A Postgres that is there already. @param uri the secret `databaseUri` */
export function existingDatabase(
  name: string,
  uri: pulumi.Output<string>,
  environment: Environment,
  parent: pulumi.Resource,
): Database {
  const secret = new k8s.core.v1.Secret(
    `${name}-database`,
    { metadata: metadata(environment, databasePart), stringData: { uri } },
    environment.objectOptions(parent),
  );
  return {
    ready: [secret],
    egress: egressTo(environment.config.databaseUri ?? "postgresql://localhost"),
    checksum: checksumOf({ uri }),
  };
}

/** A Postgres of the stack's own. */
export function ownDatabase(
  name: string,
  environment: Environment,
  parent: pulumi.Resource,
): Database {
  const options = environment.objectOptions(parent);
  const password = new random.RandomPassword(
    `${name}-database-password`,
    { length: 40, special: false },
    { parent },
  );
  const { port } = databasePort;
  const stringData = {
    PGUSER: databaseUser,
    PGPASSWORD: password.result,
    PGDATABASE: databaseUser,
    uri: pulumi.interpolate`postgresql://${databaseUser}:${password.result}@${databasePart.name}:${port}/${databaseUser}`,
  };
  const secret = new k8s.core.v1.Secret(
    `${name}-database`,
    { metadata: metadata(environment, databasePart), stringData },
    options,
  );
  const checksum = checksumOf(stringData);
  const server = databaseServer(name, checksum, environment, parent, [secret]);
  return {
    ready: [secret, ...server],
    egress: { to: [podsOf(environment, databasePart.name)], ports: [tcp(port)] },
    checksum,
  };
}

function databaseServer(
  name: string,
  checksum: pulumi.Output<string>,
  environment: Environment,
  parent: pulumi.Resource,
  dependsOn: readonly pulumi.Resource[],
): pulumi.Resource[] {
  const { config, images } = environment;
  const settings = config.tracker.database;
  const options = environment.objectOptions(parent);
  const claim = new k8s.core.v1.PersistentVolumeClaim(
    `${name}-database-volume`,
    volumeClaim(environment, databasePart, settings),
    {
      parent,
      provider: environment.runsProvider,
      retainOnDelete: config.store.keep || config.protect,
    },
  );
  const account = new k8s.core.v1.ServiceAccount(
    `${name}-database-account`,
    { metadata: metadata(environment, databasePart), automountServiceAccountToken: false },
    options,
  );
  const policy = new k8s.networking.v1.NetworkPolicy(
    `${name}-database-policy`,
    networkPolicy(environment, databasePart, {
      ingress: [{ from: [podsOf(environment, "tracker")], ports: [tcp(databasePort.port)] }],
    }),
    options,
  );
  const service = new k8s.core.v1.Service(
    `${name}-database-service`,
    partService(environment, databasePart, databasePort),
    options,
  );
  const server = new k8s.apps.v1.StatefulSet(
    `${name}-database-server`,
    databaseStatefulSet({
      place: environment,
      settings,
      image: images.postgres,
      pullSecrets: config.images.pullSecrets,
      checksum,
    }),
    { ...options, dependsOn: [...dependsOn, claim, account, policy] },
  );
  return [service, server];
}
