import {
  ArtifactChangedError,
  ArtifactNotFoundError,
  ArtifactPathError,
  ArtifactStoreError,
} from "../artifact-store.ts";
import { UnknownUploadError } from "../client-transfers.ts";
import type { S3Connection } from "./s3-connection.ts";
import { s3Uri } from "./s3-address.ts";
import { ContentError } from "./s3-upload.ts";

/** What S3 and the client say, in the words of an artifact store. */
export function s3Error(connection: S3Connection, key: string, error: unknown): unknown {
  if (error instanceof ContentError) return error.cause;
  if (isOurs(error)) return error;
  const code = codeOf(error);
  const uri = `s3://${connection.bucket}/${key}`;
  if (missingFile.has(code)) return new ArtifactNotFoundError(uri);
  if (code === "PreconditionFailed" || statusOf(error) === 412)
    return new ArtifactChangedError(uri);
  if (badNames.has(code)) {
    return new ArtifactPathError(key, `${connection.place} takes no such name (${code})`, {
      cause: error,
    });
  }
  const reason = reasonOf(code, statusOf(error));
  return new ArtifactStoreError(reason, messages[reason](connection, code || String(error)), {
    cause: error,
  });
}

/** Whether there is no such file, as opposed to no such bucket. */
export function isMissing(error: unknown): boolean {
  return missingFile.has(codeOf(error));
}

function isOurs(error: unknown): boolean {
  return [
    ArtifactChangedError,
    ArtifactNotFoundError,
    ArtifactPathError,
    ArtifactStoreError,
    UnknownUploadError,
  ].some((kind) => error instanceof kind);
}

/** `NotFound` is what an answer without a body says. */
const missingFile = new Set(["NoSuchKey", "NotFound"]);
const badNames = new Set([
  "KeyTooLongError",
  "XMinioInvalidObjectName",
  "XMinioParentIsObject",
  "XMinioObjectExistsAsDirectory",
]);
const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
  "TimeoutError",
]);
const refusals = new Set([
  "AccessDenied",
  "CredentialsProviderError",
  "ExpiredToken",
  "InvalidAccessKeyId",
  "InvalidToken",
  "SignatureDoesNotMatch",
]);

type Reason = ArtifactStoreError["reason"];

function reasonOf(code: string, status: number | undefined): Reason {
  if (code === "NoSuchBucket") return "missing";
  if (networkCodes.has(code)) return "unreachable";
  if (refusals.has(code) || status === 401 || status === 403) return "refused";
  // The client has tried again some times already.
  if (status === 503) return "unreachable";
  if (status === 507 || /StorageFull|QuotaExceeded/.test(code)) return "full";
  return "failed";
}

const messages: Record<Reason, (connection: S3Connection, code: string) => string> = {
  missing: ({ bucket, place }) =>
    `there is no bucket ${bucket} at ${place}; create it, or name another one in s3://<bucket>/<prefix>`,
  unreachable: ({ place }, code) =>
    `${place} cannot be reached (${code}); start it, or set S3_ENDPOINT_URL to its address`,
  refused: (connection, code) =>
    `${connection.place} refuses the access to ${s3Uri(connection)} (${code}); check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, and that this user may list, read, write and delete there`,
  full: ({ place }, code) =>
    `there is no space left at ${place} (${code}); free some, or raise the bucket's quota`,
  failed: (connection, code) => `${connection.place} failed at ${s3Uri(connection)}: ${code}`,
};

/** The name of S3's error or of the network's. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { code, Code } = error as { code?: unknown; Code?: unknown };
  if (typeof code === "string" && networkCodes.has(code)) return code;
  if (typeof Code === "string") return Code;
  return error.name === "Error" || error.name === "Unknown" ? error.message : error.name;
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } })?.$metadata?.httpStatusCode;
}
