import { setTimeout as sleep } from "node:timers/promises";
import { jsonIn, MlflowErrorBody } from "@updraft/contracts/mlflow-answer";
import { z } from "zod";

/** How an MLflow server is reached. */
export interface MlflowConnection {
  /** `http://host:port`, without a path of the API. */
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How long a call is tried again while the server cannot be reached, in milliseconds. */
  readonly patienceMs: number;
  /** Ends every call and every wait. */
  readonly signal?: AbortSignal;
}

/** The server answered, and said no. */
export class MlflowError extends Error {
  readonly status: number;
  /** MLflow's error code, such as `RESOURCE_DOES_NOT_EXIST`. */
  readonly code: string;

  constructor(call: string, status: number, code: string, message: string) {
    super(`the tracker answered ${call} with ${status} ${code}: ${message}`);
    this.name = "MlflowError";
    this.status = status;
    this.code = code;
  }
}

/** The server did not answer, or only that it cannot. */
export class TrackerUnavailableError extends Error {
  constructor(uri: string, patienceMs: number, reason: string, options?: ErrorOptions) {
    super(
      `the tracker at ${uri} cannot be reached (${reason}), tried for ${patienceMs / 1000} s; start it, or set MLFLOW_TRACKING_URI to its address`,
      options,
    );
    this.name = "TrackerUnavailableError";
  }
}

/** One call of the API. */
export interface MlflowCall<T> {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE" | "PUT";
  /** Below `/api/2.0/`: `mlflow/runs/create`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON fields, or the bytes of an artifact. */
  readonly body?: object | Uint8Array | string;
  /** What the answer must be; further fields are left out. */
  readonly answer: z.ZodType<T>;
  /**
   * Whether it does no harm twice. One that does is sent again only if the server surely has not
   * seen it. @default true
   */
  readonly repeatable?: boolean;
}

/** Longest time for one answer, in milliseconds; a call with less patience waits less. */
const longestAnswerMs = 15_000;
const retriedStatuses = new Set([408, 429, 500, 502, 503, 504]);
/** MLflow answers 503 for ever to who asks a server for artifacts that keeps none. */
const servesNoArtifacts = /serve-artifacts/;
const unseenCodes = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"]);

/**
 * Calls the server, again and again while it cannot be reached.
 * @throws {MlflowError} if it refuses
 * @throws {TrackerUnavailableError} if it stays away, or may have seen what must not be repeated
 */
export async function callMlflow<T>(connection: MlflowConnection, call: MlflowCall<T>): Promise<T> {
  const deadline = performance.now() + connection.patienceMs;
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await tryOnce(connection, call);
    if ("answer" in outcome) return outcome.answer;
    const pauseMs = Math.min(2000, 50 * 2 ** attempt);
    const mayRepeat = call.repeatable !== false || outcome.unseen;
    if (!mayRepeat || performance.now() + pauseMs > deadline) {
      const { uri, patienceMs } = connection;
      throw new TrackerUnavailableError(uri, patienceMs, outcome.reason, { cause: outcome.cause });
    }
    await sleep(pauseMs, undefined, { signal: connection.signal });
  }
}

interface Unavailable {
  readonly reason: string;
  /** Whether the server surely has not seen the call. */
  readonly unseen: boolean;
  readonly cause?: unknown;
}

async function tryOnce<T>(
  connection: MlflowConnection,
  call: MlflowCall<T>,
): Promise<{ readonly answer: T } | Unavailable> {
  const { signal } = connection;
  const timeout = AbortSignal.timeout(Math.min(longestAnswerMs, connection.patienceMs));
  try {
    const response = await fetch(addressOf(connection, call), {
      method: call.method,
      ...bodyOf(connection, call),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const text = await response.text();
    if (response.ok) return { answer: parseAnswer(call, text) };
    const { status } = response;
    const final = !retriedStatuses.has(status) || servesNoArtifacts.test(text);
    if (final) throw refusal(call, status, text);
    return { reason: `it answers ${status}`, unseen: status === 429 || status === 503 };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof MlflowError) throw error;
    return unavailable(error);
  }
}

function unavailable(error: unknown): Unavailable {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  const message = cause instanceof Error ? cause.message : String(cause);
  return { reason: code ?? message, unseen: unseenCodes.has(code ?? ""), cause: error };
}

function addressOf({ uri }: MlflowConnection, { path, query = {} }: MlflowCall<unknown>): URL {
  const address = new URL(`${uri.replace(/\/+$/, "")}/api/2.0/${path}`);
  for (const [key, value] of Object.entries(query)) address.searchParams.append(key, value);
  return address;
}

function bodyOf({ headers }: MlflowConnection, { body }: MlflowCall<unknown>): RequestInit {
  if (body === undefined) return { headers };
  if (typeof body === "string" || body instanceof Uint8Array) {
    const type = { "content-type": "application/octet-stream" };
    return { headers: { ...headers, ...type }, body: new Uint8Array(Buffer.from(body)) };
  }
  const type = { "content-type": "application/json" };
  return { headers: { ...headers, ...type }, body: JSON.stringify(body) };
}

function parseAnswer<T>(call: MlflowCall<T>, text: string): T {
  const parsed = call.answer.safeParse(jsonIn(text || "{}"));
  if (parsed.success) return parsed.data;
  throw new MlflowError(
    `${call.method} ${call.path}`,
    200,
    "UNEXPECTED_ANSWER",
    `${z.prettifyError(parsed.error)}; is it an MLflow server?`,
  );
}

function refusal({ method, path }: MlflowCall<unknown>, status: number, text: string): MlflowError {
  const body = MlflowErrorBody.safeParse(jsonIn(text));
  const { error_code: code, message } = body.success
    ? body.data
    : { error_code: "UNKNOWN", message: text.slice(0, 200) };
  return new MlflowError(`${method} ${path}`, status, code, message);
}
