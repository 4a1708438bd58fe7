import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesConfig } from "../../config/config.ts";
import { checksumOf } from "../checksum.ts";
import type { Environment } from "../environment/environment.ts";
import { metadata } from "../metadata.ts";
import { egressTo } from "../network-policy.ts";
import { secretVariable, variables, type Variable } from "../variables.ts";
import { storePart } from "./minio.ts";
import { readerVariables, type KeyVariables } from "./readers.ts";
import type { KubernetesStore, StoreAccess } from "./store-access.ts";

type Existing = NonNullable<KubernetesConfig["store"]["s3"]>;

const secretName = "store-access";

/**
 * A bucket that is there already: with keys, with a role of AWS, or with neither where the nodes
 * have the right. Who may do what there is up to whoever made it.
 */
export function existingStore(
  name: string,
  settings: Existing,
  environment: Environment,
  parent: pulumi.Resource,
): Omit<KubernetesStore, "variables"> {
  const keys = existingKeys();
  const secret =
    keys &&
    new k8s.core.v1.Secret(
      `${name}-access`,
      { metadata: metadata(environment, storePart, { name: secretName }), stringData: keys },
      environment.objectOptions(parent),
    );
  const { roleArn } = settings;
  const access: StoreAccess = {
    variables: existingVariables(settings, secret !== undefined),
    // Of AWS also the service that gives a role its keys.
    egress: [egressTo(settings.endpoint ?? "https://s3.amazonaws.com")],
    serviceAccountAnnotations:
      roleArn === undefined ? {} : { "eks.amazonaws.com/role-arn": roleArn },
    checksum: checksumOf(keys ?? {}),
  };
  return {
    uri: pulumi.output(settings.uri),
    access: { trainer: access, tracker: access, server: access },
    // It has no other user that the stack knows.
    readerVariables: readerVariables(settings, keys),
    ready: secret ? [secret] : [],
  };
}

/** What the containers are told of a bucket that is there already. */
export function existingVariables(
  { endpoint, region }: Pick<Existing, "endpoint" | "region">,
  hasKeys: boolean,
): Variable[] {
  return [
    ...(hasKeys ? [secretVariable("AWS_ACCESS_KEY_ID", secretName)] : []),
    ...(region === undefined ? [] : variables({ AWS_REGION: region })),
    ...(hasKeys ? [secretVariable("AWS_SECRET_ACCESS_KEY", secretName)] : []),
    ...(endpoint === undefined ? [] : variables({ S3_ENDPOINT_URL: endpoint })),
  ];
}

/** The configured keys, as secrets. */
function existingKeys(): KeyVariables | undefined {
  const config = new pulumi.Config();
  const id = config.getSecret("s3AccessKeyId");
  const secret = config.getSecret("s3SecretAccessKey");
  if (!id || !secret) return undefined;
  return { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };
}
