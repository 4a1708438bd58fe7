/** An operation that the tracker refused, or that never reached it (status 0). */
export class CallError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What an operation is called with. */
export interface Call {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls an operation, such as `mlflow/runs/get`. The fields go where MLflow's clients put them.
 * @throws {CallError} with what to tell the reader
 */
export async function call<Answer>(path: string, request: Call = {}): Promise<Answer> {
  const { method = "GET", fields = {}, signal } = request;
  const inQuery = method === "GET";
  const query = inQuery ? queryOf(fields) : "";
  const response = await reach(`/ajax-api/2.0/${path}${query}`, {
    method,
    signal: signal ?? null,
    ...(inQuery
      ? {}
      : { body: JSON.stringify(fields), headers: { "Content-Type": "application/json" } }),
  });
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as Answer;
}

/**
 * Fetches from this server.
 * @throws {CallError} with status 0 if it does not answer
 */
export async function reach(address: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new CallError(0, "UNREACHABLE", "The tracker does not answer. Is it still running?");
  }
}

/** What a refusal says, in words for the reader. */
export async function refusal(response: Response): Promise<CallError> {
  const { status } = response;
  const body = await errorIn(response);
  const { error_code: code = "" } = body;
  const message = body.message ?? `The tracker answered with status ${status}.`;
  if (status === 401) return new CallError(status, code, "Sign in to see this: reload the page.");
  if (status === 403) {
    return new CallError(status, code, `You may look here, but not change anything: ${message}`);
  }
  return new CallError(status, code, message);
}

async function errorIn(response: Response): Promise<{ error_code?: string; message?: string }> {
  try {
    return ((await response.json()) ?? {}) as { error_code?: string; message?: string };
  } catch {
    return {};
  }
}

function queryOf(fields: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  return query.size > 0 ? `?${query}` : "";
}
