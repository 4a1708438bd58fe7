import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "undici";

/** What MLflow's client tries again. */
const retriedStatuses = new Set([408, 429, 500, 502, 503, 504]);

/** MLflow's client tries seven times more, and waits twice as long each time; ours waits less. */
const retries = 8;
const firstWaitMs = 40;

/** A request was answered with an error, or not at all however often it was sent. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  /** 0 if there was no answer. */
  readonly status: number;

  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** One connection to a tracker, with one request after another, each tried again as MLflow's client does. */
export class RetryingClient {
  /** How often each status was answered, and how often the connection broke, as status 0. */
  readonly statuses = new Map<number, number>();
  readonly #retries: number;
  readonly #client: Client;

  /** @param options `retries: 0` says at once what went wrong */
  constructor(url: string, options: { readonly retries?: number } = {}) {
    this.#retries = options.retries ?? retries;
    this.#client = new Client(url, { headersTimeout: 60_000, bodyTimeout: 60_000 });
  }

  /** Calls an operation below `/api/2.0/mlflow`. @throws {RequestError} */
  async post(path: string, fields: object): Promise<Record<string, unknown>> {
    return this.#retry(() => this.#send("POST", path, JSON.stringify(fields)));
  }

  /** Reads with an operation below `/api/2.0/mlflow`. @throws {RequestError} */
  async get(path: string, fields: Record<string, string>): Promise<Record<string, unknown>> {
    return this.#retry(() => this.#send("GET", `${path}?${new URLSearchParams(fields)}`));
  }

  close(): Promise<void> {
    return this.#client.destroy();
  }

  async #retry(send: () => Promise<Record<string, unknown>>): Promise<Record<string, unknown>> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await send();
      } catch (error) {
        const again = error instanceof RequestError && isRetried(error.status);
        if (!again || attempt >= this.#retries) throw error;
        await sleep(firstWaitMs * 2 ** attempt);
      }
    }
  }

  async #send(method: "GET" | "POST", path: string, body?: string) {
    const request = { method, path: `/api/2.0/mlflow${path}`, body: body ?? null };
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const { status, text } = await this.#client
      .request({ ...request, headers })
      .then(async (answer) => ({ status: answer.statusCode, text: await answer.body.text() }))
      .catch((error: unknown) => {
        this.#count(0);
        throw new RequestError(`${method} ${path}: ${String(error)}`, 0, { cause: error });
      });
    this.#count(status);
    if (status === 200) return JSON.parse(text) as Record<string, unknown>;
    throw new RequestError(`${method} ${path} answered ${status}: ${text}`, status);
  }

  #count(status: number): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }
}

function isRetried(status: number): boolean {
  return status === 0 || retriedStatuses.has(status);
}
