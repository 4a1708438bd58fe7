import * as pulumi from "@pulumi/pulumi";
import { digestOf } from "@updraft/contracts/digest";
import type { Config } from "./config/config.ts";

/** What a process is told about the tracker: MLflow's own variables, secrets among them. */
export type TrackerVariables = Readonly<Record<string, pulumi.Input<string>>>;

/** Keys of the configuration and the variables that they become. */
const variableNames = {
  trackerToken: "MLFLOW_TRACKING_TOKEN",
  trackerUsername: "MLFLOW_TRACKING_USERNAME",
  trackerPassword: "MLFLOW_TRACKING_PASSWORD",
} as const;

/** The configuration keys of credentials: texts, whatever they look like. */
export const credentialKeys = Object.keys(variableNames) as readonly (keyof typeof variableNames)[];

/** Those that must be encrypted in the configuration. */
export const secretKeys = ["trackerToken", "trackerPassword"] as const;

/**
 * Who the stack is to the tracker, as MLflow's variables: secrets, which the engine encrypts
 * wherever they are kept. Empty where nothing is configured.
 */
export function trackerCredentials(config = new pulumi.Config()): TrackerVariables {
  return Object.fromEntries(
    Object.entries(variableNames).flatMap(([key, variable]) => {
      const value = config.getSecret(key);
      return value ? [[variable, value]] : [];
    }),
  );
}

/** The same in plain text, for the checks before anything is started. */
export function plainCredentials(
  config: Pick<Config, keyof typeof variableNames>,
): Record<string, string> {
  return Object.fromEntries(
    credentialKeys.flatMap((key) => {
      const value = config[key];
      return value === undefined ? [] : [[variableNames[key], value]];
    }),
  );
}

/**
 * Who may use the stack's own tracker: whoever presents the stack's credentials.
 * @param variables MLflow's, in plain text
 * @returns what the tracker reads, with the sha256 of the secret in place of the secret
 */
export function credentialsContent(variables: Readonly<Record<string, string>>): string {
  const secret = variables["MLFLOW_TRACKING_TOKEN"] ?? variables["MLFLOW_TRACKING_PASSWORD"] ?? "";
  const name = variables["MLFLOW_TRACKING_USERNAME"] ?? "stack";
  return `${JSON.stringify({ users: [{ name, access: "write", secrets: [digestOf(secret)] }] })}\n`;
}
