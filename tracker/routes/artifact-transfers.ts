import type { ClientTransfers } from "@updraft/contracts/client-transfers";
import { HttpError } from "@updraft/contracts/http-error";
import express, { Router, type Request, type RequestHandler } from "express";
import { z } from "zod";
import { artifactPath } from "./artifact-path.ts";
import { problemIn } from "./problem.ts";

/** Longest body: ten thousand parts with their addresses. */
const longestBody = "32mb";
/** How many parts S3 takes. */
const mostParts = 10_000;

const Int = z.coerce.number().int();

const Create = z.object({
  /** The client's own file: its name is the artifact's. */
  path: z.string().min(1),
  num_parts: Int.min(1).max(mostParts, `at most ${mostParts} parts`).default(1),
});
const Complete = z.object({
  path: z.string().min(1),
  upload_id: z.string().min(1),
  parts: z
    .array(z.object({ part_number: Int.min(1).max(mostParts), etag: z.string().min(1) }))
    .min(1)
    .max(mostParts),
});
const Abort = z.object({ path: z.string().min(1), upload_id: z.string().min(1) });

/**
 * What MLflow's clients call to send and get long files without the tracker in between: below
 * `/mlflow-artifacts`, `POST /mpu/create|complete|abort/<folder>` and `GET /presigned/<path>`.
 * @param transfers undefined if clients cannot reach the store; they then go through the tracker
 */
export function artifactTransferRouter(transfers: ClientTransfers | undefined): Router {
  const router = Router({ caseSensitive: true });
  const readBody = express.json({ type: () => true, limit: longestBody });
  const mount = (path: string, ...handlers: RequestHandler[]) =>
    router.use(path, ...handlers.map(onlyFor(path === "/presigned" ? "GET" : "POST")));
  mount("/mpu/create", readBody, create(transfers));
  mount("/mpu/complete", readBody, complete(transfers));
  mount("/mpu/abort", readBody, abort(transfers));
  mount("/presigned", presigned(transfers));
  return router;
}

function onlyFor(method: string): (handler: RequestHandler) => RequestHandler {
  return (handler) => (request, response, next) =>
    request.method === method ? handler(request, response, next) : next();
}

function create(transfers: ClientTransfers | undefined): RequestHandler {
  return async (request, response) => {
    const { path, num_parts } = fieldsOf(Create, request);
    const file = fileIn(request, path);
    const upload = await supported(transfers, "upload").createUpload(file, num_parts);
    response.json({
      upload_id: upload.id,
      credentials: upload.partUrls.map((url, index) => ({
        url,
        part_number: index + 1,
        headers: {},
      })),
    });
  };
}

function complete(transfers: ClientTransfers | undefined): RequestHandler {
  return async (request, response) => {
    const { path, upload_id, parts } = fieldsOf(Complete, request);
    const sent = parts.map(({ part_number, etag }) => ({ number: part_number, etag }));
    const file = fileIn(request, path);
    await supported(transfers, "upload").completeUpload(file, upload_id, sent);
    response.json({});
  };
}

function abort(transfers: ClientTransfers | undefined): RequestHandler {
  return async (request, response) => {
    const { path, upload_id } = fieldsOf(Abort, request);
    const file = fileIn(request, path);
    await supported(transfers, "upload").abortUpload(file, upload_id);
    response.json({});
  };
}

function presigned(transfers: ClientTransfers | undefined): RequestHandler {
  return async (request, response) => {
    const path = artifactPath(request.path.slice(1));
    const { url, size } = await supported(transfers, "download").downloadUrl(path);
    // Whoever has the address can read the file: nobody in between keeps it.
    response.set("Cache-Control", "no-store").json({ url, headers: {}, file_size: size });
  };
}

/** Clients look for the beginning of this message, and go through the tracker then. */
function supported(
  transfers: ClientTransfers | undefined,
  direction: "upload" | "download",
): ClientTransfers {
  if (transfers) return transfers;
  throw new HttpError(
    501,
    "NOT_IMPLEMENTED",
    `Multipart ${direction} is not supported for the current artifact repository`,
  );
}

function fieldsOf<Fields extends z.ZodType>(schema: Fields, request: Request): z.output<Fields> {
  const parsed = schema.safeParse(request.body ?? {});
  if (!parsed.success) throw problemIn(parsed.error, request.body);
  return parsed.data;
}

/** The artifact: the folder is in the address, its name is that of the client's file. */
function fileIn(request: Request, clientsPath: string): string {
  const folder = request.path.slice(1).replace(/\/$/, "");
  const name = encodeURIComponent(clientsPath.split(/[/\\]/).at(-1) ?? "");
  return artifactPath(folder === "" ? name : `${folder}/${name}`);
}
