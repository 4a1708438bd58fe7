import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { credentialsContent, type TrackerVariables } from "../../tracker-credentials.ts";
import { checksumOf } from "../checksum.ts";
import type { Environment } from "../environment/environment.ts";
import { metadata } from "../metadata.ts";
import { secretVariable, type Variable } from "../variables.ts";

/** Secret with what clients present, and with whom our tracker lets in. */
export const accessSecret = "tracker-access";
/** Its key with the file that our tracker reads. */
export const credentialsKey = "credentials.json";

const part = { name: "tracker", component: "tracking" };

/** Who the stack is to its tracker. */
export interface TrackerCredentials {
  /** For the containers of clients. */
  readonly variables: readonly Variable[];
  readonly secret: k8s.core.v1.Secret | undefined;
  readonly checksum: pulumi.Output<string>;
  /** Where the stack has made it. */
  readonly token: pulumi.Output<string> | undefined;
}

/** Nobody asks: MLflow's own server lets in whoever the network does. */
export const noCredentials = (): TrackerCredentials => ({
  variables: [],
  secret: undefined,
  checksum: checksumOf({}),
  token: undefined,
});

/**
 * Credentials for a tracker of the stack's own: those of the configuration, or a token that is made
 * here.
 */
export function ownCredentials(
  name: string,
  configured: TrackerVariables,
  environment: Environment,
  parent: pulumi.Resource,
): TrackerCredentials {
  const isConfigured = Object.keys(configured).length > 0;
  const made = isConfigured
    ? undefined
    : new random.RandomPassword(`${name}-token`, { length: 40, special: false }, { parent });
  const given: TrackerVariables = made ? { MLFLOW_TRACKING_TOKEN: made.result } : configured;
  const content = pulumi.secret(pulumi.output(given).apply(credentialsContent));
  return {
    ...inSecret(name, given, { [credentialsKey]: content }, environment, parent),
    token: made && pulumi.secret(made.result),
  };
}

/** Credentials for a tracker that is there already, if it wants some. */
export function clientCredentials(
  name: string,
  configured: TrackerVariables,
  environment: Environment,
  parent: pulumi.Resource,
): TrackerCredentials {
  if (Object.keys(configured).length === 0) return noCredentials();
  return { ...inSecret(name, configured, {}, environment, parent), token: undefined };
}

function inSecret(
  name: string,
  given: TrackerVariables,
  files: Readonly<Record<string, pulumi.Input<string>>>,
  environment: Environment,
  parent: pulumi.Resource,
): Omit<TrackerCredentials, "token"> {
  const secret = new k8s.core.v1.Secret(
    `${name}-access`,
    {
      metadata: metadata(environment, part, { name: accessSecret }),
      stringData: { ...given, ...files },
    },
    environment.objectOptions(parent),
  );
  return {
    variables: Object.keys(given)
      .toSorted()
      .map((variable) => secretVariable(variable, accessSecret)),
    secret,
    checksum: checksumOf(given),
  };
}
