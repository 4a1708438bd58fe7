import { randomUUID } from "node:crypto";
import {
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  type FileHandle,
} from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "@updraft/contracts/digest";
import type { DatasetFile, RemoteFile } from "@updraft/models/dataset";
import { isAlive } from "../process-identity.ts";
import { gunzip } from "./gunzip.ts";

export interface DownloadOptions {
  /** Where downloads are kept; created if it is not there. */
  readonly cacheFolder: string;
  readonly signal: AbortSignal;
  /** Takes a line for people now and then. */
  readonly onStatus: (line: string) => void;
  /** How long a mirror may send nothing, in milliseconds. @default 15000 */
  readonly stallMs?: number;
}

/** No mirror had the bytes. */
export class DownloadError extends Error {
  constructor(file: RemoteFile, reasons: readonly string[]) {
    super(
      `${file.name} cannot be downloaded:\n${reasons.map((reason) => `  ${reason}`).join("\n")}`,
    );
    this.name = "DownloadError";
  }
}

/** How often one mirror is asked to go on after a cut that followed new bytes. */
const maxCuts = 20;

/**
 * Takes a file from the cache or downloads it, going on where an earlier download was cut.
 * @throws {DownloadError} with what each mirror said
 */
export async function download(file: RemoteFile, options: DownloadOptions): Promise<DatasetFile> {
  const folder = join(options.cacheFolder, "datasets", file.sha256);
  const path = join(folder, file.name);
  const content = (await cached(path, file)) ?? (await fetchFile(file, folder, path, options));
  if (!file.name.endsWith(".gz")) return { name: file.name, content, origin: path };
  return { name: file.name.slice(0, -3), content: await gunzip(content, path), origin: path };
}

async function cached(path: string, file: RemoteFile): Promise<Buffer | undefined> {
  const content = await readFile(path).catch(() => undefined);
  if (!content) return undefined;
  if (sha256(content) === file.sha256) return content;
  await rm(path, { force: true });
  return undefined;
}

async function fetchFile(
  file: RemoteFile,
  folder: string,
  path: string,
  options: DownloadOptions,
): Promise<Buffer> {
  await mkdir(folder, { recursive: true });
  const partial = await claimPartial(folder);
  const reasons: string[] = [];
  for (const url of file.urls) {
    options.onStatus(`downloading ${url}`);
    const reason = await fetchFrom(url, file, partial, options);
    options.signal.throwIfAborted();
    if (reason !== undefined) {
      reasons.push(`${url}: ${reason}`);
      continue;
    }
    const content = await readFile(partial);
    const sum = sha256(content);
    if (sum === file.sha256) {
      await rename(partial, path);
      return content;
    }
    await rm(partial, { force: true });
    reasons.push(`${url}: it sent other bytes, with sha256 ${sum}; expected ${file.sha256}`);
  }
  throw new DownloadError(file, reasons);
}

/**
 * A name for the file being downloaded: its own for each process, so that two never write to one;
 * what a process that has ended left behind is taken over.
 */
async function claimPartial(folder: string): Promise<string> {
  const partial = join(folder, `${process.pid}.${randomUUID()}.partial`);
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".partial") || isAlive(Number(name.split(".", 1)[0]))) continue;
    const taken = await rename(join(folder, name), partial).then(
      () => true,
      () => false,
    );
    if (taken) break;
  }
  return partial;
}

/** Downloads until the file is whole; why that was not possible, if it was not. */
async function fetchFrom(
  url: string,
  file: RemoteFile,
  partial: string,
  options: DownloadOptions,
): Promise<string | undefined> {
  for (let cuts = 0; ; cuts += 1) {
    const before = await sizeOf(partial);
    if (before === file.sizeBytes) return undefined;
    try {
      await append(url, before, file, partial, options);
    } catch (error) {
      const after = await sizeOf(partial);
      if (options.signal.aborted || after <= before || cuts >= maxCuts) return reasonOf(error);
    }
  }
}

async function append(
  url: string,
  start: number,
  file: RemoteFile,
  partial: string,
  { signal, stallMs = 15_000 }: DownloadOptions,
): Promise<void> {
  const stalled = new AbortController();
  const timer = setTimeout(
    () => stalled.abort(new Error(`it sent nothing for ${stallMs / 1000} s`)),
    stallMs,
  );
  const handle = await open(partial, "a");
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, stalled.signal]),
      headers: start > 0 ? { range: `bytes=${start}-` } : {},
    });
    const position = await positionOf(response, start, handle);
    await copy(response, handle, position, file.sizeBytes, () => timer.refresh());
  } finally {
    clearTimeout(timer);
    await handle.close();
  }
}

/** Where the answer's bytes belong; a server that cannot resume starts again. */
async function positionOf(response: Response, start: number, handle: FileHandle): Promise<number> {
  const range = response.headers.get("content-range");
  if (response.status === 206 && range?.startsWith(`bytes ${start}-`)) return start;
  if (response.status !== 200) {
    throw new Error(`it answered ${response.status} ${response.statusText}`.trim());
  }
  await handle.truncate(0);
  return 0;
}

async function copy(
  response: Response,
  handle: FileHandle,
  position: number,
  sizeBytes: number,
  onChunk: () => void,
): Promise<void> {
  let size = position;
  for await (const chunk of response.body ?? []) {
    onChunk();
    size += chunk.byteLength;
    if (size > sizeBytes) {
      await handle.truncate(0);
      throw new Error(`it sent more than the ${sizeBytes} bytes that are expected`);
    }
    await handle.write(chunk);
  }
  if (size < sizeBytes) throw new Error(`it sent ${size} of ${sizeBytes} bytes`);
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
