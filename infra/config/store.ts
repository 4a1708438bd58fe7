import { z } from "zod";
import { Resources, volume } from "./manifest-values.ts";

/** `updraft:store` of target `local`. */
export const LocalStore = z.strictObject({
  /** Folder of all that the stack keeps. @default .updraft/<stack> */
  path: z.string().min(1).optional(),
  /** Whether the folder outlives the stack. */
  keep: z.boolean().default(false),
});

/** A bucket that is there already, with the secrets `s3AccessKeyId` and `s3SecretAccessKey`. */
const ExistingS3 = z.strictObject({
  uri: z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w.-]+)*$/, {
    error: "expected s3://bucket or s3://bucket/prefix",
  }),
  /** Address of a store that is not AWS. */
  endpoint: z
    .url({ protocol: /^https?$/, error: "expected http://host:port or https://host" })
    .transform((uri) => uri.replace(/\/+$/, ""))
    .optional(),
  region: z.string().min(1).optional(),
  /** Role of AWS that the pods' ServiceAccounts take, in place of keys. */
  roleArn: z
    .string()
    .regex(/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/, { error: "expected arn:aws:iam::…:role/…" })
    .optional(),
});

/** `updraft:store` of target `kubernetes`. */
export const KubernetesStore = z.strictObject({
  ...volume("20Gi"),
  resources: Resources.prefault({}),
  /** Whether the volumes of store and database outlive the stack. */
  keep: z.boolean().default(false),
  /** Stacks of this cluster whose trainer may fetch packages here, to promote them. */
  readers: z.array(z.string().min(1)).default([]),
  s3: ExistingS3.optional(),
});
