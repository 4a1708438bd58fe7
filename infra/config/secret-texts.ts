import { credentialKeys, secretKeys } from "../tracker-credentials.ts";

/** Keys whose value is a text, whatever it looks like. */
export const textKeys: readonly string[] = [
  ...credentialKeys,
  "predictToken",
  "registryUsername",
  "registryPassword",
  "s3AccessKeyId",
  "s3SecretAccessKey",
  "databaseUri",
];

/** Those that must be encrypted in the configuration. */
export const encryptedKeys = [
  ...secretKeys,
  "predictToken",
  "registryPassword",
  "s3SecretAccessKey",
  "databaseUri",
] as const;
