import { isRecord } from "../../support/wire-values.ts";
import { fieldAt, listAt, stringAt } from "../objects/kube-object.ts";

/** What the API server answered instead of an object. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The HTTP status. */
  readonly code: number;
  /** Such as `NotFound` or `AlreadyExists`. */
  readonly reason: string;
  /** The kind of the object that the error is about, in plural: `namespaces`. */
  readonly kind: string;
  /** Fields that a required value is missing of. */
  readonly requiredFields: readonly string[];

  constructor(code: number, body: unknown, fallback: string) {
    super(stringAt(body, "message") || fallback);
    this.code = code;
    this.reason = stringAt(body, "reason");
    this.kind = stringAt(body, "details", "kind");
    this.requiredFields = listAt(body, "details", "causes")
      .filter((cause) => stringAt(cause, "reason") === "FieldValueRequired")
      .map((cause) => stringAt(cause, "field"));
  }
}

/** The cluster has no such kind, or not in this version. */
export class NoMatchError extends Error {
  override readonly name = "NoMatchError";

  constructor(kind: string, apiVersion: string) {
    super(`no matches for kind "${kind}" in version "${apiVersion}"`);
  }
}

/** Whether the API server answered with this reason. */
export function isReason(error: unknown, reason: string): error is ApiError {
  return error instanceof ApiError && error.reason === reason;
}

/** Whether what was asked for is not there. */
export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 404;
}

/** Whether an object's namespace is not there. */
export function isNamespaceNotFound(error: unknown): boolean {
  return isNotFound(error) && error.kind === "namespaces";
}

/** Whether a value that cannot change was to be changed. */
export function isImmutableField(error: unknown): boolean {
  return isReason(error, "Invalid") && error.message.includes("field is immutable");
}

/** The JSON of a body, or undefined where it is none. */
export function parsedBody(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return isRecord(body) ? body : fieldAt({ body }, "body");
  } catch {
    return undefined;
  }
}
