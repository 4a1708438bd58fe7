import { describe, expect, it } from "vitest";
import {
  ArtifactChangedError,
  ArtifactNotFoundError,
  ArtifactPathError,
  ArtifactStoreError,
} from "../artifact-store.ts";
import { connectToS3 } from "./s3-connection.ts";
import { s3Error } from "./s3-errors.ts";
import { ContentError } from "./s3-upload.ts";

const connection = connectToS3("s3://bucket/p", { S3_ENDPOINT_URL: "http://minio:9000" });
const translated = (error: unknown) => s3Error(connection, "p/a.txt", error);

/** An error as the client throws it. */
function clientError(name: string, status?: number): Error {
  const error = Object.assign(new Error(`says ${name}`), {
    $metadata: { httpStatusCode: status },
  });
  error.name = name;
  return error;
}

/** An error as the network throws it. */
function networkError(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

describe("s3Error", () => {
  it.each([
    [clientError("NoSuchKey", 404), ArtifactNotFoundError],
    [clientError("NotFound", 404), ArtifactNotFoundError],
    [clientError("PreconditionFailed", 412), ArtifactChangedError],
    [clientError("KeyTooLongError", 400), ArtifactPathError],
    [clientError("XMinioParentIsObject", 400), ArtifactPathError],
  ])("knows %s", (error, kind) => {
    expect(translated(error)).toBeInstanceOf(kind);
  });

  it.each([
    [clientError("NoSuchBucket", 404), "missing"],
    [clientError("AccessDenied", 403), "refused"],
    [clientError("ExpiredToken", 400), "refused"],
    [clientError("InvalidTokenId", 403), "refused"],
    [clientError("CredentialsProviderError"), "refused"],
    [networkError("ECONNREFUSED"), "unreachable"],
    [networkError("ENOTFOUND"), "unreachable"],
    [clientError("TimeoutError"), "unreachable"],
    [clientError("ServiceUnavailable", 503), "unreachable"],
    [clientError("SlowDown", 503), "unreachable"],
    [clientError("XMinioStorageFull", 507), "full"],
    [clientError("XMinioAdminBucketQuotaExceeded", 400), "full"],
    [clientError("InternalError", 500), "failed"],
  ])("says of %s that the store is %s", (error, reason) => {
    expect(translated(error)).toMatchObject({ reason, cause: error });
    expect(translated(error)).toBeInstanceOf(ArtifactStoreError);
  });

  it("leaves alone what is not the store's fault", () => {
    const broken = new Error("the connection was cut");
    expect(translated(new ContentError("broke off", { cause: broken }))).toBe(broken);
    const path = new ArtifactPathError("a", "the name is taken");
    expect(translated(path)).toBe(path);
  });
});
