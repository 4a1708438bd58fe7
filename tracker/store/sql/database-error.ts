import { messageOf } from "@updraft/contracts/message-of";
import { HttpError } from "@updraft/contracts/http-error";
import { invalidParameter } from "../../mlflow-error.ts";

/** The database cannot be opened; the message says which, why, and what to do. */
export class DatabaseOpenError extends Error {
  override readonly name = "DatabaseOpenError";
  /** Whether it cannot be reached just now: it may be starting. */
  readonly isAway: boolean;

  constructor(
    message: string,
    { isAway = false, ...options }: ErrorOptions & { isAway?: boolean },
  ) {
    super(message, options);
    this.isAway = isAway;
  }
}

/**
 * What a client is told when the database fails, or undefined if that is the tracker's own fault.
 *
 * Where it helps to try again the status is 503: MLflow's client does so, for minutes. A full disk
 * is 507, at which it stops and shows the message.
 * @see https://sqlite.org/rescode.html
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function databaseHttpError(error: unknown): HttpError | undefined {
  const { errcode, code } = error as { errcode?: number; code?: string };
  if (errcode !== undefined) return sqliteHttpError(errcode & 0xff, error);
  if (isSqlState(code)) return postgresHttpError(code, error);
  return undefined;
}

/** Whether a transaction may do what it came for if it is run once more. */
export function isWorthRetrying(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === sqlStates.serializationFailure || code === sqlStates.deadlockDetected;
}

/** 503: what answers requests is not to be had just now. */
export function unavailable(reason: string, cause: unknown): HttpError {
  return new HttpError(503, "TEMPORARILY_UNAVAILABLE", `${reason}; try again`, { cause });
}

const sqlStates = {
  serializationFailure: "40001",
  deadlockDetected: "40P01",
  diskFull: "53100",
  lockNotAvailable: "55P03",
  queryCanceled: "57014",
  readOnlyTransaction: "25006",
  idleInTransactionTimeout: "25P03",
} as const;

function isSqlState(code: string | undefined): code is string {
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code);
}

function sqliteHttpError(primary: number, cause: unknown): HttpError | undefined {
  if (primary === 5) return unavailable("The database is busy", cause);
  if (primary === 10) return unavailable("The disk of the tracker's database fails", cause);
  if (primary === 13) return diskFull(cause);
  return undefined;
}

function postgresHttpError(code: string, cause: unknown): HttpError | undefined {
  if (code === sqlStates.diskFull) return diskFull(cause);
  if (code === sqlStates.readOnlyTransaction) {
    return unavailable("The database takes no writes just now (it is read-only)", cause);
  }
  const busy: readonly string[] = [
    sqlStates.serializationFailure,
    sqlStates.deadlockDetected,
    sqlStates.lockNotAvailable,
    sqlStates.queryCanceled,
    sqlStates.idleInTransactionTimeout,
  ];
  // Class 53 is want of memory or connections.
  if (busy.includes(code) || code.startsWith("53")) {
    return unavailable("The database is busy", cause);
  }
  // Class 08 is a broken connection, 57 a server that stops or starts.
  if (code.startsWith("08") || code.startsWith("57")) {
    return unavailable("The database cannot be reached", cause);
  }
  // Class 22 is a value that no column can hold, 54 one that no index can.
  if (code.startsWith("22") || code.startsWith("54")) {
    return invalidParameter(
      `The database cannot hold a value of the request: ${messageOf(cause)}`,
      { cause },
    );
  }
  return undefined;
}

function diskFull(cause: unknown): HttpError {
  return new HttpError(
    507,
    "RESOURCE_EXHAUSTED",
    "The disk of the tracker's database is full; nothing of this request was stored. Free some space, then send it again.",
    { cause },
  );
}
