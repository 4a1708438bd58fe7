import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { z } from "zod";
import {
  ArtifactNotFoundError,
  ArtifactPathError,
  ArtifactStoreError,
  checkArtifactPath,
  foldersOf,
  type ArtifactStore,
  type FileContents,
  type FileDetails,
  type FolderEntry,
  type ReadOptions,
  type StoredFile,
} from "./artifact-store.ts";
import { byPath } from "./by-path.ts";
import { eachOf } from "./each-of.ts";
import { encodePath } from "./encode-path.ts";
import { callProxy, type Proxy, type ProxyCall } from "./proxy-client.ts";
import { writeSealedFolder } from "./sealed-folder.ts";
import { trackingServer, type TrackingServer } from "./tracking-server.ts";
import { wholeBody } from "./whole-body.ts";

/** Folders that are listed at once. */
const listedAtOnce = 4;

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * A store behind the artifact proxy of a tracker, ours or an MLflow server: whoever may use the
 * tracker needs no address or key of what is behind it.
 * @param uri `mlflow-artifacts:/prefix`
 * @param variables which tracker, and who asks: see {@link trackingServer}
 * @param patienceMs how long a call is tried again while the server cannot answer
 * @throws if the address is another server's than the variables'
 * @see https://mlflow.org/docs/latest/self-hosting/architecture/artifact-store/
 */
export function createProxyStore(
  uri: string,
  variables: Variables,
  patienceMs = 30_000,
): ArtifactStore {
  const server = trackingServer(variables);
  return new ProxyStore({ ...server, patienceMs }, prefixIn(uri, server));
}

/**
 * The proxy lists, sends, takes and deletes, and no more: what a path is, is looked up in the
 * listing of its folder.
 */
class ProxyStore implements ArtifactStore {
  readonly uri: string;
  readonly #proxy: Proxy;
  readonly #prefix: string;

  constructor(proxy: Proxy, prefix: string) {
    this.uri = prefix === "" ? "mlflow-artifacts:" : `mlflow-artifacts:/${encodePath(prefix)}`;
    this.#proxy = proxy;
    this.#prefix = prefix;
  }

  uriOf(path: string): string {
    return `${this.uri}/${encodePath(checkArtifactPath(path))}`;
  }

  read(path: string): Promise<Buffer> {
    return wholeAnswer(() => this.#get(path));
  }

  async readStream(path: string, options: ReadOptions = {}): Promise<Readable> {
    const range = rangeHeader(options);
    const response = await this.#get(path, range);
    if (!response.body) return Readable.from([]);
    const content = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
    // A server that knows no ranges sends all of it.
    return range === undefined || response.status === 206 ? content : cut(content, options);
  }

  async write(
    path: string,
    content: string | Uint8Array | AsyncIterable<Uint8Array>,
  ): Promise<void> {
    checkArtifactPath(path);
    const { body, dispose } = await wholeBody(content);
    try {
      const explain = () => this.#takenName(path);
      await drain(await this.#call(path, { method: "PUT", body, explain }));
    } finally {
      await dispose();
    }
  }

  writeFolder(folder: string, files: FileContents): Promise<void> {
    return writeSealedFolder(this, folder, files);
  }

  async list(folder: string): Promise<StoredFile[]> {
    const files: StoredFile[] = [];
    let folders = [checkArtifactPath(folder)];
    while (folders.length > 0) {
      const deeper: string[] = [];
      await eachOf(folders, listedAtOnce, async (path) => {
        for (const entry of await this.entries(path)) {
          const below = `${path}/${entry.name}`;
          if (entry.kind === "folder") deeper.push(below);
          else files.push({ path: below, size: entry.size });
        }
      });
      folders = deeper;
    }
    return files.toSorted(byPath(({ path }) => path));
  }

  async entries(folder: string): Promise<FolderEntry[]> {
    const path = this.#below(folder === "" ? "" : checkArtifactPath(folder));
    const query = path === "" ? "" : `?path=${encodeURIComponent(path)}`;
    const response = await callProxy(this.#proxy, { method: "GET", path: query });
    return parseListing(await response.text(), this.#proxy).toSorted(byPath(({ name }) => name));
  }

  async stat(path: string): Promise<FileDetails> {
    const entry = await this.#find(path);
    if (entry?.kind !== "file") throw new ArtifactNotFoundError(this.uriOf(path));
    return { path, size: entry.size };
  }

  async has(path: string): Promise<boolean> {
    return (await this.#find(path)) !== undefined;
  }

  async remove(path: string): Promise<void> {
    const missing = async () => ((await this.#find(path)) ? undefined : new NothingThere());
    try {
      await drain(await this.#call(path, { method: "DELETE", explain: missing }));
    } catch (error) {
      if (!(error instanceof NothingThere)) throw error;
    }
  }

  #call(path: string, call: Omit<ProxyCall, "path">): Promise<Response> {
    const encoded = encodePath(this.#below(checkArtifactPath(path)));
    return callProxy(this.#proxy, { ...call, path: `/${encoded}` });
  }

  async #get(path: string, headers?: Record<string, string>): Promise<Response> {
    const missing = async () =>
      (await this.#find(path))?.kind === "file"
        ? undefined
        : new ArtifactNotFoundError(this.uriOf(path));
    return this.#call(path, { method: "GET", headers, explain: missing });
  }

  #below(path: string): string {
    return [this.#prefix, path].filter((part) => part !== "").join("/");
  }

  async #find(path: string): Promise<FolderEntry | undefined> {
    const parts = checkArtifactPath(path).split("/");
    const name = parts.pop();
    return (await this.entries(parts.join("/"))).find((entry) => entry.name === name);
  }

  /** Why a file cannot be written: a folder has its name, or a file that of one of its folders. */
  async #takenName(path: string): Promise<ArtifactPathError | undefined> {
    const taken = new ArtifactPathError(path, "the name is taken");
    if ((await this.entries(path)).length > 0) return taken;
    for (const folder of foldersOf(path)) {
      if ((await this.#find(folder))?.kind === "file") return taken;
    }
    return undefined;
  }
}

/** Some servers refuse to delete what is not there. */
class NothingThere extends Error {}

/** `a b/c` of `mlflow-artifacts:/a%20b/c`; the server may be named if it is the one. */
function prefixIn(uri: string, server: TrackingServer): string {
  const address = /^mlflow-artifacts:(?:\/\/(?<host>[^/]*))?(?<path>.*)$/.exec(uri)?.groups;
  const expected = "expected mlflow-artifacts:/<path>";
  if (address?.["path"] === undefined)
    throw new Error(`${uri} is not an artifact store: ${expected}`);
  if (address["host"] && address["host"] !== new URL(server.url).host) {
    throw new Error(`${uri} is on another server than MLFLOW_TRACKING_URI (${server.url})`);
  }
  const path = address["path"].replaceAll(/^\/+|\/+$/g, "");
  try {
    return path === "" ? "" : checkArtifactPath(decodeURIComponent(path));
  } catch (error) {
    throw new Error(`${uri} is not an artifact store: ${expected}`, { cause: error });
  }
}

/** An int64 may be a number or a text. */
const Listing = z.object({
  files: z
    .array(
      z.object({
        path: z.string(),
        is_dir: z.boolean().default(false),
        file_size: z.coerce.number().int().min(0).default(0),
      }),
    )
    .default([]),
});

function parseListing(text: string, server: TrackingServer): FolderEntry[] {
  try {
    return Listing.parse(JSON.parse(text)).files.map(({ path, is_dir, file_size }) => {
      // Nothing that a server says leads out of the folder that was asked for.
      const name = checkArtifactPath(path);
      if (name.includes("/")) throw new ArtifactPathError(path, "expected one name");
      return is_dir ? { name, kind: "folder" } : { name, kind: "file", size: file_size };
    });
  } catch (error) {
    throw new ArtifactStoreError(
      "failed",
      `${server.url} does not list artifacts as MLflow does; is MLFLOW_TRACKING_URI the address of a tracker?`,
      { cause: error },
    );
  }
}

/** Reads an answer to its end, once more if it breaks off. */
async function wholeAnswer(ask: () => Promise<Response>): Promise<Buffer> {
  const first = await ask();
  try {
    return Buffer.from(await first.arrayBuffer());
  } catch {
    return Buffer.from(await (await ask()).arrayBuffer());
  }
}

/** An answer whose end is awaited, so that its connection is free again. */
async function drain(response: Response): Promise<void> {
  await response.arrayBuffer();
}

function rangeHeader({ start = 0, end }: ReadOptions): Record<string, string> | undefined {
  if (start === 0 && end === undefined) return undefined;
  return { range: `bytes=${start}-${end ?? ""}` };
}

function cut(
  content: Readable,
  { start = 0, end = Number.POSITIVE_INFINITY }: ReadOptions,
): Readable {
  return Readable.from(
    (async function* () {
      let position = 0;
      for await (const chunk of content as AsyncIterable<Buffer>) {
        const part = chunk.subarray(Math.max(0, start - position), end + 1 - position);
        position += chunk.length;
        if (part.length > 0) yield part;
        if (position > end) return;
      }
    })(),
    { objectMode: false },
  );
}
