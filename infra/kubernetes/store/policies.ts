import type { StoreUser } from "./store-access.ts";

/** Who has keys of a store that the stack makes. */
export type KeyUser = StoreUser | "reader";

/** The bucket of a store that the stack makes. */
export const bucket = "updraft";

/** A policy in the language of S3. */
export interface S3Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly {
    readonly Effect: "Allow";
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
    readonly Condition?: { readonly StringLike: { readonly "s3:prefix": readonly string[] } };
  }[];
}

const objects = (...keys: string[]) => keys.map((key) => `arn:aws:s3:::${bucket}/${key}`);
const itself = [`arn:aws:s3:::${bucket}`];

const reading = ["s3:GetObject"];
const writing = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"];

/** Where the trainer keeps what it makes. */
const trainersFolders = ["models", "datasets", "checkpoints"];

const readingPackages: S3Policy = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: reading, Resource: objects("models/*") }],
};

/**
 * What each user may do, and nothing else. The trainer keeps packages and snapshots and removes
 * none, only the checkpoints of trainings that are over; it looks whether a folder on the way is a file, so the folders' own names are among what
 * it reads. The server reads packages, by their names. The tracker keeps the artifacts of runs
 * below any experiment's name, shows the packages, and frees what nothing refers to. The reader is
 * whoever promotes from this stack.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html
 */
export const policies: Readonly<Record<KeyUser, S3Policy>> = {
  trainer: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: reading,
        Resource: trainersFolders.flatMap((name) => objects(name, `${name}/*`)),
      },
      {
        Effect: "Allow",
        Action: writing,
        Resource: trainersFolders.flatMap((name) => objects(`${name}/*`)),
      },
      // That it may write is tried with a file which it takes away again.
      {
        Effect: "Allow",
        Action: ["s3:DeleteObject"],
        Resource: objects("models/.writable-*", "checkpoints/*"),
      },
      {
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: itself,
        Condition: { StringLike: { "s3:prefix": trainersFolders.map((name) => `${name}/*`) } },
      },
    ],
  },
  tracker: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: [...reading, ...writing, "s3:DeleteObject"],
        Resource: objects("*"),
      },
      {
        Effect: "Allow",
        Action: ["s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:GetBucketLocation"],
        Resource: itself,
      },
    ],
  },
  server: readingPackages,
  reader: readingPackages,
};
