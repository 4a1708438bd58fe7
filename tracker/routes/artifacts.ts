import { extname } from "node:path";
import { pipeline } from "node:stream/promises";
import {
  ArtifactChangedError,
  type ArtifactStore,
  type FileDetails,
  type FolderEntry,
} from "@updraft/contracts/artifact-store";
import { HttpError } from "@updraft/contracts/http-error";
import { Router, type NextFunction, type Request, type Response } from "express";
import { artifactPath } from "./artifact-path.ts";

/** What a browser may show by itself; everything else is offered for download. */
const shownTypes = new Set([
  "application/json",
  "image/jpeg",
  "image/png",
  "image/svg+xml",
  "text/plain",
]);

/** How often a file is looked up anew that is replaced while it is being opened. */
const mostAttempts = 5;

/**
 * Artifacts through the tracker: clients need no address or key of the store behind it. Bodies are
 * streamed both ways, so this comes before anything that reads them.
 */
export function artifactRouter(store: ArtifactStore): Router {
  return Router().use((request, response, next) => serve(store, request, response, next));
}

async function serve(
  store: ArtifactStore,
  request: Request,
  response: Response,
  next: NextFunction,
): Promise<void> {
  const handler = handlers[request.method];
  if (!handler) return next();
  await handler(store, request, response);
}

type Handler = (store: ArtifactStore, request: Request, response: Response) => Promise<void>;

const handlers: Readonly<Record<string, Handler>> = {
  GET: (store, request, response) =>
    request.path === "/" ? list(store, request, response) : download(store, request, response),
  HEAD: download,
  PUT: upload,
  DELETE: remove,
};

async function list(store: ArtifactStore, request: Request, response: Response): Promise<void> {
  const query = new URL(request.originalUrl, "http://tracker").searchParams;
  const asked = (query.get("path") ?? "").replace(/\/+$/, "");
  // The query is decoded already: encoding it again leaves one decoding to do, as in a URL.
  const folder = asked === "" ? "" : artifactPath(encodeURIComponent(asked));
  const entries = await store.entries(folder);
  response.json({ files: entries.map(fileInfo) });
}

function fileInfo(entry: FolderEntry): object {
  return entry.kind === "file"
    ? { path: entry.name, is_dir: false, file_size: entry.size }
    : { path: entry.name, is_dir: true };
}

async function download(store: ArtifactStore, request: Request, response: Response): Promise<void> {
  const path = pathIn(request);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(store, await store.stat(path), request, response);
    } catch (error) {
      const changed = error instanceof ArtifactChangedError && !response.headersSent;
      if (!changed || attempt === mostAttempts) throw error;
    }
  }
}

async function send(
  store: ArtifactStore,
  file: FileDetails,
  request: Request,
  response: Response,
): Promise<void> {
  describe(file, response);
  if (request.fresh) return void response.status(304).end();
  const range = rangeIn(request, response, file);
  const length = range ? range.end - range.start + 1 : file.size;
  if (request.method === "HEAD") {
    return void response.set("Content-Length", String(file.size)).end();
  }
  const content = await store.readStream(file.path, { ...range, version: file.version });
  response.set("Content-Length", String(length));
  if (range) {
    response.status(206).set("Content-Range", `bytes ${range.start}-${range.end}/${file.size}`);
  }
  await pipeline(content, response).catch((error: NodeJS.ErrnoException) => {
    // The client went away: nobody is left to be told.
    if (error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  });
}

/** What the answer is, whatever part of the file it has. */
function describe({ path, version }: FileDetails, response: Response): void {
  response.type(extname(path) || "application/octet-stream");
  const type = String(response.get("Content-Type")).split(";")[0] ?? "";
  if (!shownTypes.has(type)) response.attachment(path.split("/").at(-1));
  response.set({
    "Accept-Ranges": "bytes",
    // A file may be replaced: whoever keeps a copy asks whether it still is the one.
    "Cache-Control": "private, no-cache",
    // An artifact is a stranger's content: shown on its own, it may run nothing and load nothing.
    "Content-Security-Policy":
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  });
  if (version !== undefined) response.set("ETag", `"${version.replaceAll('"', "")}"`);
}

/**
 * The part that is asked for; undefined is all of it, as for parts that are several, or of another
 * version.
 * @throws {HttpError} 416 if the file has no such part
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
 */
function rangeIn(
  request: Request,
  response: Response,
  { size }: FileDetails,
): { start: number; end: number } | undefined {
  const ofVersion = request.get("If-Range");
  if (ofVersion !== undefined && ofVersion !== response.get("ETag")) return undefined;
  const ranges = request.range(size, { combine: true });
  if (ranges === -1) {
    response.set("Content-Range", `bytes */${size}`);
    const message = `The range '${request.get("Range")?.slice(0, 100)}' is not in the ${size} bytes of the file`;
    throw new HttpError(416, "INVALID_PARAMETER_VALUE", message);
  }
  if (!Array.isArray(ranges) || ranges.type !== "bytes" || ranges.length !== 1) return undefined;
  return ranges[0];
}

async function upload(store: ArtifactStore, request: Request, response: Response): Promise<void> {
  try {
    await store.write(pathIn(request), bodyOf(request));
  } catch (error) {
    // Clients send all of a body before they read an answer: it is taken, and given up.
    request.resume();
    throw error;
  }
  response.json({});
}

/** A store that stops reading must not end the connection, on which its answer has to go out. */
async function* bodyOf(request: Request): AsyncGenerator<Buffer, void> {
  yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}

async function remove(store: ArtifactStore, request: Request, response: Response): Promise<void> {
  await store.remove(pathIn(request));
  response.json({});
}

function pathIn(request: Request): string {
  return artifactPath(request.path.slice(1));
}
