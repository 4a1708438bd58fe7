import { Client } from "undici";

const operations = "/api/2.0/mlflow";
const artifacts = "/api/2.0/mlflow-artifacts/artifacts";

/** One connection that is kept alive, with one request at a time. */
export class Connection {
  readonly #client: Client;

  constructor(url: string) {
    // A search over many runs may take its time.
    this.#client = new Client(url, { headersTimeout: 120_000, bodyTimeout: 120_000 });
  }

  /** Calls one of MLflow's operations. @throws on any answer that is not 200 */
  async call(path: string, fields: object): Promise<Record<string, unknown>> {
    const body = await this.#send("POST", operations + path, JSON.stringify(fields));
    return JSON.parse(body.toString("utf8")) as Record<string, unknown>;
  }

  /** Reads with one of MLflow's operations. @throws on any answer that is not 200 */
  async get(path: string, fields: Record<string, string>): Promise<Record<string, unknown>> {
    const query = new URLSearchParams(fields);
    const body = await this.#send("GET", `${operations}${path}?${query}`);
    return JSON.parse(body.toString("utf8")) as Record<string, unknown>;
  }

  async upload(path: string, content: Buffer): Promise<void> {
    await this.#send("PUT", `${artifacts}/${path}`, content);
  }

  async download(path: string): Promise<Buffer> {
    return this.#send("GET", `${artifacts}/${path}`);
  }

  close(): Promise<void> {
    return this.#client.destroy();
  }

  async #send(method: "GET" | "POST" | "PUT", path: string, body?: string | Buffer) {
    const type = typeof body === "string" ? "application/json" : "application/octet-stream";
    const headers = body === undefined ? {} : { "content-type": type };
    const answer = await this.#client.request({ method, path, body: body ?? null, headers });
    const content = Buffer.from(await answer.body.bytes());
    if (answer.statusCode === 200) return content;
    const text = content.toString("utf8").slice(0, 300);
    throw new Error(`${method} ${path.slice(0, 100)} answered ${answer.statusCode}: ${text}`);
  }
}
