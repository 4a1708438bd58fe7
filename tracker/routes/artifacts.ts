import { extname } from "node:path";
import { pipeline } from "node:stream/promises";
import {
  ArtifactNotFoundError,
  ArtifactPathError,
  ArtifactStoreError,
  type ArtifactStore,
  type FolderEntry,
} from "@updraft/contracts/artifact-store";
import { HttpError } from "@updraft/contracts/http-error";
import { Router, type NextFunction, type Request, type Response } from "express";
import { doesNotExist, invalidParameter } from "../mlflow-error.ts";
import { artifactPath } from "./artifact-path.ts";

/** What a browser may show by itself; everything else is offered for download. */
const shownTypes = new Set([
  "application/json",
  "image/jpeg",
  "image/png",
  "image/svg+xml",
  "text/plain",
]);

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
  try {
    await handler(store, request, response);
  } catch (error) {
    throw asHttpError(error);
  }
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
  const { size } = await store.stat(path);
  response.type(extname(path) || "application/octet-stream");
  const type = String(response.get("Content-Type")).split(";")[0] ?? "";
  if (!shownTypes.has(type)) response.attachment(path.split("/").at(-1));
  response.set({
    "Content-Length": String(size),
    // An artifact is a stranger's content: shown on its own, it may run nothing and load nothing.
    "Content-Security-Policy":
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  });
  if (request.method === "HEAD") return void response.end();
  const content = await store.readStream(path);
  await pipeline(content, response).catch((error: NodeJS.ErrnoException) => {
    // The client went away: nobody is left to be told.
    if (error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  });
}

async function upload(store: ArtifactStore, request: Request, response: Response): Promise<void> {
  await store.write(pathIn(request), request);
  response.json({});
}

async function remove(store: ArtifactStore, request: Request, response: Response): Promise<void> {
  await store.remove(pathIn(request));
  response.json({});
}

function pathIn(request: Request): string {
  return artifactPath(request.path.slice(1));
}

const nameErrors = new Set(["ENAMETOOLONG", "EISDIR", "ENOTDIR", "EINVAL"]);

function asHttpError(error: unknown): unknown {
  if (error instanceof ArtifactNotFoundError) return doesNotExist("No such artifact");
  if (error instanceof ArtifactPathError) return invalidParameter(`Invalid path: ${error.message}`);
  if (error instanceof ArtifactStoreError && error.reason === "full") {
    // MLflow's client does not try this again, as it would a 500 for minutes.
    return new HttpError(507, "RESOURCE_EXHAUSTED", error.message, { cause: error });
  }
  if (error instanceof Error && "code" in error && nameErrors.has(String(error.code))) {
    return invalidParameter(`Invalid path: ${String(error.code)}`, { cause: error });
  }
  return error;
}
