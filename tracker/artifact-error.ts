import {
  ArtifactChangedError,
  ArtifactNotFoundError,
  ArtifactPathError,
  ArtifactStoreError,
} from "@updraft/contracts/artifact-store";
import { UnknownUploadError } from "@updraft/contracts/client-transfers";
import { HttpError } from "@updraft/contracts/http-error";
import { doesNotExist, invalidParameter } from "./mlflow-error.ts";

/**
 * What a client is told when a store of artifacts throws, or undefined if it was not the store.
 *
 * Where it helps to try again the status is 503: MLflow's client does so, for minutes. A full store
 * is 507, at which it stops and shows the message.
 */
export function artifactHttpError(error: unknown): HttpError | undefined {
  const options = { cause: error };
  if (error instanceof ArtifactNotFoundError) return doesNotExist("No such artifact");
  if (error instanceof ArtifactPathError) {
    return invalidParameter(`Invalid path: ${error.message}`, options);
  }
  if (error instanceof UnknownUploadError) return invalidParameter(error.message, options);
  if (error instanceof ArtifactChangedError) {
    return new HttpError(503, "TEMPORARILY_UNAVAILABLE", error.message, options);
  }
  if (error instanceof ArtifactStoreError) return answers[error.reason](error);
  return undefined;
}

/** Addresses and names of buckets are the tracker's own business; its log has them. */
const answers: Record<ArtifactStoreError["reason"], (cause: Error) => HttpError> = {
  full: (cause) => new HttpError(507, "RESOURCE_EXHAUSTED", cause.message, { cause }),
  unreachable: (cause) =>
    new HttpError(
      503,
      "TEMPORARILY_UNAVAILABLE",
      "The store of artifacts cannot be reached; try again",
      { cause },
    ),
  refused: unusable,
  missing: unusable,
  failed: unusable,
};

function unusable(cause: Error): HttpError {
  return new HttpError(
    500,
    "INTERNAL_ERROR",
    "The tracker cannot use its store of artifacts; its log says why",
    { cause },
  );
}
