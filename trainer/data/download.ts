import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "@updraft/contracts/digest";
import { DataError, type DatasetFile, type RemoteFile } from "@updraft/models/dataset";
import { isAlive } from "../process-identity.ts";
import { gunzip } from "./gunzip.ts";
import { CacheError, sizeOf, transfer } from "./transfer.ts";

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
  constructor(name: string, reasons: readonly string[]) {
    super(`${name} cannot be downloaded:\n${reasons.map((reason) => `  ${reason}`).join("\n")}`);
    this.name = "DownloadError";
  }
}

/**
 * Takes a file from the cache or downloads it, going on where an earlier download was cut, and
 * unpacks it.
 * @throws {DownloadError} with what each mirror said
 */
export async function download(file: RemoteFile, options: DownloadOptions): Promise<DatasetFile> {
  const { content, path } = await downloadBytes(file, options);
  if (!file.name.endsWith(".gz")) return { name: file.name, content, origin: path };
  return { name: file.name.slice(0, -3), content: await gunzip(content, path), origin: path };
}

/**
 * The same, as the bytes are published.
 * @throws {DataError} if the only address has other bytes
 * @throws {CacheError} if the cache folder cannot be written to
 */
export async function downloadBytes(
  file: RemoteFile,
  options: DownloadOptions,
): Promise<{ readonly content: Buffer; readonly path: string }> {
  const folder = join(options.cacheFolder, "datasets", file.sha256);
  // A name may have folders in it, which the cache has no use for.
  const path = join(folder, file.name.split("/").at(-1) ?? "");
  const content = (await cached(path, file)) ?? (await fetchFile(file, folder, path, options));
  return { content, path };
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
  const partial = await claimPartial(folder, file.name, options);
  const reasons: string[] = [];
  for (const url of file.urls) {
    options.onStatus(`downloading ${url}`);
    const got = await fetchFrom(url, file, partial, options);
    options.signal.throwIfAborted();
    if (typeof got !== "string") {
      await rename(partial, path);
      return got;
    }
    reasons.push(`${url}: ${got}`);
  }
  throw new DownloadError(file.name, reasons);
}

/** The file's bytes, or why one mirror does not have them. */
async function fetchFrom(
  url: string,
  file: RemoteFile,
  partial: string,
  options: DownloadOptions,
): Promise<Buffer | string> {
  for (;;) {
    const leftBehind = await sizeOf(partial);
    const reason = await transfer(url, partial, { ...file, resumable: true }, options);
    if (reason !== undefined) return reason;
    const content = await readFile(partial);
    const sum = sha256(content);
    if (sum === file.sha256) return content;
    await rm(partial, { force: true });
    // What was left behind may have been the beginning of something else.
    if (leftBehind > 0) continue;
    if (file.urls.length === 1) throw otherBytes(url, sum, file.sha256);
    return `it sent other bytes, with sha256 ${sum}; expected ${file.sha256}`;
  }
}

/** What there is to say of bytes that are not those that were named. */
export function otherBytes(origin: string, sum: string, expected: string): DataError {
  return new DataError(origin, undefined, `its sha256 is ${sum}; expected ${expected}`);
}

/**
 * A name for the file being downloaded: its own for each process, so that two never write to one;
 * what a process that has ended left behind is taken over.
 * @throws {CacheError}
 */
export async function claimPartial(
  folder: string,
  name: string,
  { cacheFolder }: DownloadOptions,
): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new CacheError(cacheFolder, name, error);
  }
  const partial = join(folder, `${process.pid}.${randomUUID()}.partial`);
  for (const left of await readdir(folder)) {
    if (!left.endsWith(".partial") || isAlive(Number(left.split(".", 1)[0]))) continue;
    const taken = await rename(join(folder, left), partial).then(
      () => true,
      () => false,
    );
    if (taken) break;
  }
  return partial;
}
