import { existsSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { jsonIn } from "@updraft/contracts/mlflow-answer";
import { messageOf } from "@updraft/contracts/message-of";
import type { KubeConfig } from "@kubernetes/client-node";

/** How long the API server may take for one answer. */
const answerTimeoutMilliseconds = 10_000;

/** There is no cluster to ask; the message is a problem of the configuration. */
export class NoClusterError extends Error {
  override readonly name = "NoClusterError";
}

/** Which cluster is meant, and as whom. */
export interface ClusterAccess {
  /** Context of the kubeconfig. @default its current one */
  readonly context?: string | undefined;
  /** A kubeconfig's text, of the stack that has made the cluster. @default the ambient one */
  readonly kubeconfig?: string | undefined;
}

/** What the API server says to one request. */
export interface Answer {
  readonly status: number;
  /** Parsed; undefined where it is no JSON. */
  readonly body: unknown;
}

/** Asks the API server that a kubeconfig names. */
export class ClusterConnection {
  /** `https://host:port` */
  readonly address: string;
  readonly context: string;
  readonly access: ClusterAccess;
  readonly #options: RequestOptions;

  private constructor(
    address: string,
    context: string,
    access: ClusterAccess,
    options: RequestOptions,
  ) {
    this.address = address;
    this.context = context;
    this.access = access;
    this.#options = options;
  }

  /**
   * Connects as the kubeconfig says; nothing is asked yet.
   * @throws {NoClusterError} if there is no kubeconfig or it names no cluster
   */
  static async open(access: ClusterAccess): Promise<ClusterConnection> {
    const { context } = access;
    const config = await readKubeconfig(access.kubeconfig);
    const key = keyOf(access);
    const known = config.getContexts().map(({ name }) => name);
    const name = context ?? config.getCurrentContext();
    if (!known.includes(name)) {
      throw new NoClusterError(`${key}: ${unknownContext(context, name, known)}`);
    }
    config.setCurrentContext(name);
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) {
      throw new NoClusterError(
        `${key}: the context ${name} of the kubeconfig names a cluster that is not in it; repair it, or set another context`,
      );
    }
    const options: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (error) {
      throw new NoClusterError(
        `${key}: the credentials of the context ${name} cannot be had (${messageOf(error)}); log in again, or set another context`,
        { cause: error },
      );
    }
    return new ClusterConnection(server.replace(/\/+$/, ""), name, access, options);
  }

  /** @param path with its query, such as `/api/v1/nodes?limit=1` */
  get(path: string): Promise<Answer> {
    return this.#send("GET", path);
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.#send("POST", path, JSON.stringify(body));
  }

  /** @throws {NoClusterError} if nothing answers in time */
  async #send(method: string, path: string, body?: string): Promise<Answer> {
    const url = new URL(`${this.address}${path}`);
    const options: RequestOptions = {
      ...this.#options,
      method,
      headers: {
        ...this.#options.headers,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      signal: AbortSignal.timeout(answerTimeoutMilliseconds),
    };
    const open = url.protocol === "http:" ? httpRequest : httpsRequest;
    try {
      return await new Promise<Answer>((resolve, reject) => {
        const request = open(url, options, (response) => {
          const answer = (said: string) => ({
            status: response.statusCode ?? 0,
            body: jsonIn(said),
          });
          textOf(response).then((said) => resolve(answer(said)), reject);
        });
        request.once("error", reject).end(body);
      });
    } catch (error) {
      throw new NoClusterError(
        `${keyOf(this.access)}: the cluster of the context ${this.context} at ${this.address} cannot be reached (${reasonOf(error)}); start it, or set the context of one that runs`,
        { cause: error },
      );
    }
  }
}

/** The key of the configuration that says which cluster is meant. */
function keyOf({ kubeconfig }: ClusterAccess): string {
  return `updraft:kubernetes.${kubeconfig === undefined ? "context" : "clusterStack"}`;
}

async function readKubeconfig(text: string | undefined): Promise<KubeConfig> {
  return text === undefined ? ambientKubeconfig() : parsedKubeconfig(text);
}

async function parsedKubeconfig(text: string): Promise<KubeConfig> {
  try {
    const { KubeConfig: Reader } = await import("@kubernetes/client-node");
    const config = new Reader();
    config.loadFromString(text);
    return config;
  } catch (error) {
    // Of its text nothing is shown: it holds credentials.
    throw new NoClusterError(
      "updraft:kubernetes.clusterStack: the output kubeconfig of the stack is none that can be read; bring it up again",
      { cause: error },
    );
  }
}

async function ambientKubeconfig(): Promise<KubeConfig> {
  const given = process.env["KUBECONFIG"]?.split(delimiter).filter((file) => file !== "") ?? [];
  const usual = join(homedir(), ".kube", "config");
  const inPod = process.env["KUBERNETES_SERVICE_HOST"] !== undefined;
  if (given.length === 0 && !existsSync(usual) && !inPod) {
    throw new NoClusterError(
      `updraft:target is kubernetes, and there is no kubeconfig: KUBECONFIG is not set and ${usual} is not there; set KUBECONFIG to the file of your cluster`,
    );
  }
  const missing = given.filter((file) => !existsSync(file));
  if (missing.length > 0) {
    throw new NoClusterError(
      `KUBECONFIG is ${given.join(delimiter)}, and ${missing.join(", ")} is not there; set it to the file of your cluster`,
    );
  }
  try {
    // Only here, since it takes longer than everything else at the start.
    const { KubeConfig: Reader } = await import("@kubernetes/client-node");
    const config = new Reader();
    config.loadFromDefault();
    return config;
  } catch (error) {
    const file = given.length === 0 ? usual : given.join(delimiter);
    throw new NoClusterError(
      `the kubeconfig ${file} cannot be read (${messageOf(error)}); repair it, or set KUBECONFIG to another file`,
      { cause: error },
    );
  }
}

function unknownContext(given: string | undefined, name: string, known: readonly string[]): string {
  const there = known.length === 0 ? "it has none" : `it has ${known.toSorted().join(", ")}`;
  if (given === undefined && name === "") {
    return `the kubeconfig names no current context; ${there}: set one of them`;
  }
  return `the kubeconfig has no context ${name}; ${there}`;
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === "AbortError") {
    return `no answer within ${answerTimeoutMilliseconds / 1000} s`;
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  return code ?? messageOf(error);
}
