import { checkArtifactPath } from "../artifact-store.ts";

/** A place in a bucket. */
export interface S3Address {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the bucket itself. */
  readonly prefix: string;
}

/**
 * Reads `s3://bucket/prefix`. As in other tools for S3 nothing in it is encoded.
 * @throws if it is no such address
 */
export function s3Address(uri: string): S3Address {
  const [, bucket, rest = ""] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(uri) ?? [];
  const prefix = rest.replaceAll(/^\/+|\/+$/g, "");
  try {
    if (bucket === undefined) throw new Error("the bucket's name has 3 to 63 of a-z, 0-9, . and -");
    if (prefix !== "") checkArtifactPath(prefix);
    return { bucket, prefix };
  } catch (error) {
    const shown = uri.replace(/\/\/[^/]*@/, "//");
    throw new Error(`${shown} is not an artifact store: expected s3://<bucket>/<prefix>`, {
      cause: error,
    });
  }
}

/** The address as a text, without a slash at its end. */
export function s3Uri({ bucket, prefix }: S3Address): string {
  return prefix === "" ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
}
