import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { checksumOf } from "../checksum.ts";
import type { Environment } from "../environment/environment.ts";
import { metadata } from "../metadata.ts";
import { networkPolicy, podsOf, tcp } from "../network-policy.ts";
import { partService } from "../part-service.ts";
import { secretVariable, variables } from "../variables.ts";
import { volumeClaim } from "../volume-claim.ts";
import {
  rootSecret,
  storeEndpoint,
  storePart,
  storeNamedPort,
  storePort,
  storeStatefulSet,
} from "./minio.ts";
import { bucket, type KeyUser } from "./policies.ts";
import { readerPeers, readerVariables, type KeyVariables } from "./readers.ts";
import {
  setupConfigMap,
  setupFiles,
  setupJob,
  setupPart,
  storeUsers,
  userSecret,
} from "./setup-job.ts";
import type { KubernetesStore, StoreAccess, StoreUser } from "./store-access.ts";

/** The region that a store which is not AWS is signed for. */
const region = "us-east-1";

/** Keys of a user of the store. */
interface Keys {
  readonly secret: k8s.core.v1.Secret;
  readonly variables: KeyVariables;
  readonly checksum: pulumi.Output<string>;
}

/** A store of the stack's own: MinIO, with a user for each role. */
export class OwnStore {
  readonly #parent: pulumi.Resource;
  readonly #environment: Environment;
  readonly #options: pulumi.CustomResourceOptions;

  constructor(parent: pulumi.Resource, environment: Environment) {
    this.#parent = parent;
    this.#environment = environment;
    this.#options = environment.objectOptions(parent);
  }

  /** Makes it. @param name of the component */
  create(name: string): Omit<KubernetesStore, "variables"> {
    const root = this.#keys(`${name}-root`, rootSecret, "updraft-root");
    const users = Object.fromEntries(
      storeUsers.map((user) => [user, this.#keys(`${name}-${user}`, userSecret(user), user)]),
    ) as Record<KeyUser, Keys>;
    const server = this.#server(name, root);
    const setup = this.#setup(name, { root, ...users }, server);
    const accessOf = (user: StoreUser): StoreAccess => ({
      variables: [
        secretVariable("AWS_ACCESS_KEY_ID", userSecret(user)),
        ...variables({ AWS_REGION: region }),
        secretVariable("AWS_SECRET_ACCESS_KEY", userSecret(user)),
        ...variables({ S3_ENDPOINT_URL: storeEndpoint }),
      ],
      egress: [this.#egress()],
      serviceAccountAnnotations: {},
      checksum: users[user].checksum,
    });
    return {
      uri: pulumi.output(`s3://${bucket}`),
      access: {
        trainer: accessOf("trainer"),
        tracker: accessOf("tracker"),
        server: accessOf("server"),
      },
      readerVariables: readerVariables(
        { endpoint: this.#fullEndpoint(), region },
        users.reader.variables,
      ),
      ready: [setup],
    };
  }

  /** By its full name it is reached from every namespace that it lets in. */
  #fullEndpoint(): pulumi.Output<string> {
    const { config, namespace } = this.#environment;
    const { clusterDomain } = config.kubernetes;
    return pulumi.interpolate`http://${storePart.name}.${namespace}.svc.${clusterDomain}:${storePort}`;
  }

  #egress() {
    return { to: [podsOf(this.#environment, storePart.name)], ports: [tcp(storePort)] };
  }

  /** A user's name is fixed, so that a new password leaves no old user behind. */
  #keys(name: string, secretName: string, user: string): Keys {
    const password = new random.RandomPassword(
      name,
      { length: 40, special: false },
      { parent: this.#parent },
    );
    const stringData = { AWS_ACCESS_KEY_ID: user, AWS_SECRET_ACCESS_KEY: password.result };
    const secret = new k8s.core.v1.Secret(
      name,
      { metadata: metadata(this.#environment, storePart, { name: secretName }), stringData },
      this.#options,
    );
    return { secret, variables: stringData, checksum: checksumOf(stringData) };
  }

  #server(name: string, root: Keys): pulumi.Resource[] {
    const { config, images } = this.#environment;
    const place = this.#environment;
    const own = ["trainer", "tracker", "inference", setupPart.name].map((caller) =>
      podsOf(place, caller),
    );
    const claim = new k8s.core.v1.PersistentVolumeClaim(
      `${name}-volume`,
      volumeClaim(place, storePart, config.store),
      {
        parent: this.#parent,
        provider: this.#environment.runsProvider,
        retainOnDelete: config.store.keep || config.protect,
      },
    );
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata: metadata(place, storePart), automountServiceAccountToken: false },
      this.#options,
    );
    const policy = new k8s.networking.v1.NetworkPolicy(
      `${name}-policy`,
      networkPolicy(place, storePart, {
        ingress: [
          { from: [...own, ...readerPeers(config.store.readers)], ports: [tcp(storePort)] },
        ],
      }),
      this.#options,
    );
    const service = new k8s.core.v1.Service(
      `${name}-service`,
      partService(place, storePart, storeNamedPort),
      this.#options,
    );
    const server = new k8s.apps.v1.StatefulSet(
      `${name}-server`,
      storeStatefulSet({
        place,
        settings: config.store,
        image: images.minio,
        pullSecrets: config.images.pullSecrets,
        checksum: root.checksum,
      }),
      { ...this.#options, dependsOn: [claim, account, policy, root.secret] },
    );
    return [service, server];
  }

  #setup(
    name: string,
    keys: Readonly<Record<"root" | KeyUser, Keys>>,
    server: readonly pulumi.Resource[],
  ): pulumi.Resource {
    const place = this.#environment;
    const { config, images } = place;
    const files = new k8s.core.v1.ConfigMap(
      `${name}-setup-files`,
      setupConfigMap(place),
      this.#options,
    );
    const policy = new k8s.networking.v1.NetworkPolicy(
      `${name}-setup-policy`,
      networkPolicy(place, setupPart, { egress: [this.#egress()] }),
      this.#options,
    );
    const checksums = Object.entries(keys).map(([key, { checksum }]) => [key, checksum]);
    return new k8s.batch.v1.Job(
      `${name}-setup`,
      setupJob({
        place,
        image: images.minio,
        pullSecrets: config.images.pullSecrets,
        checksum: checksumOf({ ...setupFiles, ...Object.fromEntries(checksums) }),
      }),
      {
        ...this.#options,
        dependsOn: [...server, files, policy, ...Object.values(keys).map(({ secret }) => secret)],
      },
    );
  }
}
