import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { checksumOf } from "../checksum.ts";
import type { Environment } from "../environment/environment.ts";
import { metadata } from "../metadata.ts";
import { secretVariable, type Variable } from "../variables.ts";
import { serving } from "./serving.ts";

/** Secret with what a predict request must show. */
const accessSecret = "inference-access";

/** Who may ask the model. */
export interface InferenceAccess {
  /** For the server's container. */
  readonly variables: readonly Variable[];
  /** What must be there before the pods are. */
  readonly ready: readonly pulumi.Resource[];
  /** Changes with the token. */
  readonly checksum: pulumi.Input<string>;
}

/**
 * Keeps the token in a Secret.
 * @param token without one, everybody may ask, and there is no Secret
 */
export function inferenceAccess(
  name: string,
  token: pulumi.Output<string> | undefined,
  environment: Environment,
  parent: pulumi.Resource,
): InferenceAccess | undefined {
  if (token === undefined) return undefined;
  const variable = "PREDICT_TOKEN";
  const secret = new k8s.core.v1.Secret(
    `${name}-access`,
    {
      metadata: metadata(environment, serving, { name: accessSecret }),
      stringData: { [variable]: token },
    },
    environment.objectOptions(parent),
  );
  return {
    variables: [secretVariable(variable, accessSecret)],
    ready: [secret],
    checksum: checksumOf({ [variable]: token }),
  };
}
