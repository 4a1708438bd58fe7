import { HttpError } from "@updraft/contracts/http-error";

/** 404: there is no such experiment, run, model, version or file. */
export function doesNotExist(message: string): HttpError {
  return new HttpError(404, "RESOURCE_DOES_NOT_EXIST", message);
}

/** 400: the name is taken. */
export function alreadyExists(message: string): HttpError {
  return new HttpError(400, "RESOURCE_ALREADY_EXISTS", message);
}

/**
 * 400: what was asked for cannot be done. Also where MLflow answers `INVALID_STATE` with status
 * 500, which its clients retry for minutes.
 */
export function invalidParameter(message: string, options?: ErrorOptions): HttpError {
  return new HttpError(400, "INVALID_PARAMETER_VALUE", message, options);
}
