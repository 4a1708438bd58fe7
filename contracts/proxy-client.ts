import { setTimeout as sleep } from "node:timers/promises";
import { ArtifactStoreError } from "./artifact-store.ts";
import { jsonIn, MlflowErrorBody } from "./mlflow-answer.ts";
import type { TrackingServer } from "./tracking-server.ts";

/** A proxy that is called. */
export interface Proxy extends TrackingServer {
  /** How long a call is tried again while the server cannot answer, in milliseconds. */
  readonly patienceMs: number;
}

/** Longest wait for a server that is there and says nothing, in milliseconds. */
const silenceMs = 120_000;
const longestPauseMs = 4000;

/** What a server answers that a moment later may answer otherwise. */
const retriedStatuses = new Set([408, 429, 500, 502, 503, 504]);

/** What a server answers that is asked for what there is not, or cannot be. */
const unclearStatuses = new Set([400, 404, 409, 500]);

/** One call of the artifact proxy. */
export interface ProxyCall {
  readonly method: "GET" | "PUT" | "DELETE";
  /** Below `/api/2.0/mlflow-artifacts/artifacts`, encoded; with a slash before it, or a query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | Blob;
  /**
   * Asked once when the server has said no: the error that explains it better. Servers answer 500
   * to what no repetition makes right.
   */
  readonly explain?: () => Promise<Error | undefined>;
}

/** The server's no. */
export class ProxyRefusal extends ArtifactStoreError {
  readonly status: number;

  constructor(url: string, status: number, said: string) {
    const advice = adviceFor(status);
    super(
      status === 507 ? "full" : [401, 403].includes(status) ? "refused" : "failed",
      `${url} answered ${status}${said && `: ${said}`}${advice && `; ${advice}`}`,
    );
    this.name = "ProxyRefusal";
    this.status = status;
  }
}

/**
 * Calls MLflow's artifact proxy, again and again while it cannot answer.
 * @throws {ProxyRefusal} if it says no
 * @throws {ArtifactStoreError} if it stays away
 */
export async function callProxy(
  { url, authorization, patienceMs }: Proxy,
  call: ProxyCall,
): Promise<Response> {
  const address = `${url}/api/2.0/mlflow-artifacts/artifacts${call.path}`;
  const headers = { ...call.headers, ...(authorization && { authorization }) };
  const deadline = performance.now() + patienceMs;
  let explained = false;
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await answerOf(address, { method: call.method, headers, body: call.body });
    if (outcome instanceof Response && outcome.ok) return outcome;
    const problem = outcome instanceof Response ? await refusal(address, outcome) : outcome;
    if (outcome instanceof Response && !explained && unclearStatuses.has(outcome.status)) {
      explained = true;
      const better = await call.explain?.().catch(() => undefined);
      if (better) throw better;
    }
    if (outcome instanceof Response && !retriedStatuses.has(outcome.status)) throw problem;
    const pauseMs = pauseBefore(attempt, outcome);
    if (performance.now() + pauseMs > deadline) throw problem;
    await sleep(pauseMs);
  }
}

/** The answer, or why there is none. */
async function answerOf(url: string, init: RequestInit): Promise<Response | ArtifactStoreError> {
  const silence = new AbortController();
  // Sending and receiving may take their time; an answer to a GET must begin.
  const timer = init.body ? undefined : setTimeout(() => silence.abort(), silenceMs);
  try {
    return await fetch(url, { ...init, signal: silence.signal });
  } catch (error) {
    const reason = silence.signal.aborted ? `it is silent for ${silenceMs / 1000} s` : why(error);
    return new ArtifactStoreError(
      "unreachable",
      `${new URL(url).origin} cannot be reached (${reason}); start the tracker, or set MLFLOW_TRACKING_URI to its address`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
  }
}

function why(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : String(cause);
}

async function refusal(url: string, response: Response): Promise<ProxyRefusal> {
  const text = await response.text().catch(() => "");
  const body = MlflowErrorBody.safeParse(jsonIn(text));
  const said = body.success ? `${body.data.error_code}: ${body.data.message}` : text;
  return new ProxyRefusal(url, response.status, said.trim().slice(0, 300));
}

/** Half a second, then longer, or what the server asks for. */
function pauseBefore(attempt: number, outcome: Response | ArtifactStoreError): number {
  const asked = outcome instanceof Response ? Number(outcome.headers.get("retry-after")) : 0;
  return asked > 0 ? asked * 1000 : Math.min(longestPauseMs, 100 * 2 ** attempt);
}

function adviceFor(status: number): string {
  if (status === 401) {
    return "set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD";
  }
  if (status === 403) return "use a user or token that may do this";
  if (status === 507) return "free space where the tracker keeps its artifacts";
  return "";
}
