import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";
import { ApiError, parsedBody } from "./api-error.ts";

/** Which cluster to talk to, as the provider's configuration says. */
export interface KubeconfigSource {
  /** The content of a kubeconfig, or its path; the ambient one where there is none. */
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly cluster: string | undefined;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** @default application/json */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** Longest time that the API server may take for an answer, except for watches. */
const requestTimeoutMilliseconds = 60_000;

/** Speaks HTTP with one API server. */
export class Connection {
  readonly #server: URL;
  readonly #options: RequestOptions;
  /** The namespace of the context; "default" where it names none. */
  readonly namespace: string;

  private constructor(server: string, options: RequestOptions, namespace: string) {
    this.#server = new URL(server);
    this.#options = options;
    this.namespace = namespace;
  }

  /** @throws where the kubeconfig cannot be read or names no cluster. */
  static async open(source: KubeconfigSource): Promise<Connection> {
    // Only here, since it takes longer than everything else at the start.
    const { KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    if (source.kubeconfig === undefined) config.loadFromDefault();
    else if (/^\s*[{]|[\n:]\s/.test(source.kubeconfig)) config.loadFromString(source.kubeconfig);
    else config.loadFromFile(source.kubeconfig);
    if (source.context !== undefined) config.setCurrentContext(source.context);
    const context = config.getContextObject(config.getCurrentContext());
    if (!context) throw new Error(`context "${config.getCurrentContext()}" does not exist`);
    const name = source.cluster ?? context.cluster;
    const cluster = config.getCluster(name);
    if (!cluster) throw new Error(`cluster "${name}" does not exist`);
    Object.assign(context, { cluster: name });
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return new Connection(cluster.server, options, context.namespace ?? "default");
  }

  /**
   * The API server's answer.
   * @throws ApiError where it refuses
   */
  async send(request: ApiRequest): Promise<unknown> {
    const timeout = AbortSignal.timeout(requestTimeoutMilliseconds);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
    return parsedBody(await text(await this.#open({ ...request, signal })));
  }

  /** Lines of JSON, as they come, until the API server or the signal ends them. */
  async *watch(request: ApiRequest): AsyncGenerator<unknown> {
    const response = await this.#open(request);
    let rest = "";
    for await (const chunk of response.setEncoding("utf8") as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") yield JSON.parse(line);
    }
  }

  async #open(request: ApiRequest): Promise<IncomingMessage> {
    const response = await this.#respond(request);
    const code = response.statusCode ?? 0;
    if (code >= 200 && code < 300) return response;
    const body = await text(response);
    const fallback = `the API server answered ${code} to ${request.method} ${request.path}`;
    throw new ApiError(code, parsedBody(body), body.trim() || fallback);
  }

  #respond({ method, path, query, body, contentType, signal }: ApiRequest) {
    const url = new URL(this.#server.pathname.replace(/\/$/, "") + path, this.#server);
    for (const [key, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(key, value);
    }
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const options: RequestOptions = {
      ...this.#options,
      method,
      headers: {
        ...this.#options.headers,
        accept: "application/json",
        ...(payload && {
          "content-type": contentType ?? "application/json",
          "content-length": payload.length,
        }),
      },
      ...(signal && { signal }),
    };
    const open = url.protocol === "http:" ? httpRequest : httpsRequest;
    return new Promise<IncomingMessage>((resolve, reject) => {
      open(url, options, resolve).once("error", reject).end(payload);
    });
  }
}
