import {
  ArtifactChangedError,
  ArtifactNotFoundError,
  ArtifactPathError,
  ArtifactStoreError,
} from "@updraft/contracts/artifact-store";
import { UnknownUploadError } from "@updraft/contracts/client-transfers";
import { expect, it } from "vitest";
import { artifactHttpError } from "./artifact-error.ts";

const secret = "http://minio.internal:9000 refuses the access";

it.each([
  [new ArtifactNotFoundError("s3://b/a"), 404, "RESOURCE_DOES_NOT_EXIST"],
  [new ArtifactPathError("a", "the name is taken"), 400, "INVALID_PARAMETER_VALUE"],
  [new UnknownUploadError("no such upload"), 400, "INVALID_PARAMETER_VALUE"],
  [new ArtifactChangedError("s3://b/a"), 503, "TEMPORARILY_UNAVAILABLE"],
  [new ArtifactStoreError("full", "no space left"), 507, "RESOURCE_EXHAUSTED"],
  [new ArtifactStoreError("unreachable", secret), 503, "TEMPORARILY_UNAVAILABLE"],
  [new ArtifactStoreError("refused", secret), 500, "INTERNAL_ERROR"],
  [new ArtifactStoreError("missing", secret), 500, "INTERNAL_ERROR"],
  [new ArtifactStoreError("failed", secret), 500, "INTERNAL_ERROR"],
])("answers %s with %i %s", (error, status, code) => {
  const answer = artifactHttpError(error);

  expect(answer).toMatchObject({ status, code });
  expect(answer?.message).not.toContain("minio.internal");
});

it("says nothing of errors that are not a store's", () => {
  expect(artifactHttpError(new Error("x"))).toBeUndefined();
  expect(artifactHttpError(undefined)).toBeUndefined();
});
