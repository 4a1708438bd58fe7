import { request, type RequestOptions } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { parse } from "yaml";
import { z } from "zod";

const Manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
export type Manifest = z.infer<typeof Manifest>;

/** An object as a file has it. */
export function parseManifest(text: string): Manifest {
  return Manifest.parse(parse(text));
}

const Kinds = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});
const Failure = z.object({ message: z.string() });

interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** What the server warns of, such as violations of the Pod Security Standard. */
  readonly warnings: readonly string[];
}

/** What an API server says to a manifest. */
export interface Verdict {
  /** Why it is refused; undefined if it is not. */
  readonly refusal: string | undefined;
  readonly warnings: readonly string[];
}

/** The API server of a cluster, asked as `kubectl` asks it. */
export class ApiServer {
  readonly #config = new KubeConfig();

  constructor(kubeconfig: string) {
    this.#config.loadFromFile(kubeconfig);
  }

  /** Has the server check a manifest as if it were applied. */
  async tryOut(manifest: Manifest): Promise<Verdict> {
    const path = await this.#pathOf(manifest);
    const flags = "fieldManager=dry-run&force=true&dryRun=All&fieldValidation=Strict";
    const answer = await this.#ask("PATCH", `${path}?${flags}`, manifest);
    return { refusal: refusalOf(answer), warnings: answer.warnings };
  }

  /** Makes an object. @returns whether it was not there before */
  async create(manifest: Manifest): Promise<boolean> {
    const path = await this.#pathOf(manifest);
    const answer = await this.#ask("POST", path.slice(0, path.lastIndexOf("/")), manifest);
    if (answer.status === 409) return false;
    mustBeFine(answer);
    return true;
  }

  /** Removes an object and waits until it is gone. */
  async remove(manifest: Manifest, seconds = 120): Promise<void> {
    const path = await this.#pathOf(manifest);
    const answer = await this.#ask("DELETE", path);
    if (answer.status === 404) return;
    mustBeFine(answer);
    const deadline = Date.now() + seconds * 1000;
    while ((await this.#ask("GET", path)).status !== 404) {
      if (Date.now() > deadline) throw new Error(`${path} is still there after ${seconds} s`);
      await sleep(200);
    }
  }

  /** Waits until the server knows a kind. */
  async knows(apiVersion: string, kind: string, seconds = 30): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while ((await this.#kind(apiVersion, kind)) === undefined) {
      if (Date.now() > deadline) throw new Error(`${apiVersion} ${kind} is not known yet`);
      await sleep(200);
    }
  }

  async #pathOf({ apiVersion, kind, metadata }: Manifest): Promise<string> {
    const found = await this.#kind(apiVersion, kind);
    if (found === undefined) throw new Error(`the cluster has no kind ${apiVersion} ${kind}`);
    const place = found.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${groupPath(apiVersion)}${place}/${found.name}/${metadata.name}`;
  }

  async #kind(apiVersion: string, kind: string) {
    const answer = await this.#ask("GET", groupPath(apiVersion));
    if (answer.status === 404) return undefined;
    mustBeFine(answer);
    return Kinds.parse(answer.body).resources.find(
      (each) => each.kind === kind && !each.name.includes("/"),
    );
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const server = this.#config.getCurrentCluster()?.server ?? "";
    const isPatch = method === "PATCH";
    const options: RequestOptions = {
      method,
      timeout: 30_000,
      // JSON is YAML too.
      headers: { "content-type": isPatch ? "application/apply-patch+yaml" : "application/json" },
    };
    await this.#config.applyToHTTPSOptions(options);
    return new Promise((resolve, reject) => {
      const asked = request(new URL(`${server}${path}`), options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode ?? 0,
            body: text.startsWith("{") ? JSON.parse(text) : text,
            warnings: warningsOf(response.headers.warning),
          });
        });
      });
      asked.on("timeout", () => asked.destroy(new Error(`${method} ${path} took too long`)));
      asked.on("error", reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function mustBeFine(answer: Answer): void {
  const refusal = refusalOf(answer);
  if (refusal !== undefined) throw new Error(refusal);
}

function refusalOf({ status, body }: Answer): string | undefined {
  if (status < 300) return undefined;
  const failure = Failure.safeParse(body);
  return failure.success ? failure.data.message : `${status} ${JSON.stringify(body)}`;
}

/** `299 - "text", 299 - "text"`, with quotes in the texts escaped. */
function warningsOf(header: string | undefined): string[] {
  const texts = (header ?? "").matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...texts].map(([, text = ""]) => text.replaceAll(/\\(.)/g, "$1"));
}
