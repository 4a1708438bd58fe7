import { open, stat, type FileHandle } from "node:fs/promises";
import { messageOf } from "@updraft/contracts/message-of";
import type { DownloadOptions } from "./download.ts";
import { largestFileBytes } from "./largest-file.ts";
import { discard, httpGet, reasonOf, unlessStalled } from "./http-get.ts";

/** What is known of a file before it comes. */
export interface ExpectedFile {
  readonly name: string;
  readonly sizeBytes?: number | undefined;
  /** What the server called its content when it was asked before. */
  readonly version?: string | undefined;
  /** Whether what was cut may be continued: no if nothing would tell that it is something else. */
  readonly resumable: boolean;
}

/** The server has other content now than when it was asked before. */
export class ChangedError extends Error {
  constructor() {
    super("it was replaced by something else while it was downloaded");
    this.name = "ChangedError";
  }
}

/** The cache folder cannot take what is downloaded. */
export class CacheError extends Error {
  constructor(cacheFolder: string, name: string, cause: unknown) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    super(
      ["ENOSPC", "EDQUOT", "EFBIG"].includes(code)
        ? `there is no space left in ${cacheFolder} for ${name}; free some, or set UPDRAFT_CACHE to a folder on a larger disk`
        : `${cacheFolder} cannot be written to: ${messageOf(cause)}; set UPDRAFT_CACHE to a folder that can`,
      { cause },
    );
    this.name = "CacheError";
  }
}

/** The connection ended before the file did. */
class CutError extends Error {}

/** How often a server is asked to go on after a cut that followed new bytes. */
const maxCuts = 20;
/** How often it is asked to start again, where it cannot go on. */
const maxStarts = 2;

/**
 * Appends to a partial file until the file is whole; says why that was not possible, if it was not.
 * @throws {ChangedError} if the server has another version by now
 * @throws {CacheError}
 */
export async function transfer(
  url: string,
  partial: string,
  expected: ExpectedFile,
  options: DownloadOptions,
): Promise<string | undefined> {
  const disk = <T>(work: Promise<T>) =>
    work.catch((error: unknown) => {
      throw new CacheError(options.cacheFolder, expected.name, error);
    });
  const onSize = sizeLines(url, options.onStatus);
  for (let cuts = 0; ; cuts += 1) {
    const handle = await disk(open(partial, "a"));
    try {
      const before = await sizeOf(partial);
      if (before > 0 && before === expected.sizeBytes) return undefined;
      const reason = await append(url, { handle, before, disk, onSize }, expected, options);
      if (reason === undefined) return undefined;
      const after = await sizeOf(partial);
      if (!expected.resumable) await disk(handle.truncate(0));
      const limit = expected.resumable ? maxCuts : maxStarts;
      if (options.signal.aborted || after <= before || cuts >= limit) return reason;
    } finally {
      await handle.close();
    }
  }
}

/** A partial file and the bytes that are in it. */
interface Partial {
  readonly handle: FileHandle;
  readonly before: number;
  readonly disk: <T>(work: Promise<T>) => Promise<T>;
  /** Is told how much is there, of how much if that is known; in bytes. */
  readonly onSize: (size: number, total: number | undefined) => void;
}

/** A line for people after so many bytes. */
const bytesPerLine = 50_000_000;

/** Says now and then how far a download is. */
function sizeLines(url: string, onStatus: DownloadOptions["onStatus"]): Partial["onSize"] {
  let said = 0;
  return (size, total) => {
    if (Math.floor(size / bytesPerLine) <= said) return;
    said = Math.floor(size / bytesPerLine);
    const [got, all] = [size, total].map((bytes = 0) =>
      Math.floor(bytes / 1_000_000).toLocaleString("en-US"),
    );
    onStatus(`downloading ${url}: ${got}${total === undefined ? "" : ` of ${all}`} MB`);
  };
}

/** Asks once; why the file is not whole then, if it is not. */
async function append(
  url: string,
  partial: Partial,
  expected: ExpectedFile,
  options: DownloadOptions,
): Promise<string | undefined> {
  try {
    await unlessStalled(options, async (signal, onBytes) => {
      const { response, position } = await openBody(url, partial, signal);
      if (expected.version !== undefined && versionOf(response) !== expected.version) {
        await discard(response);
        throw new ChangedError();
      }
      await copy(response, position, expected.sizeBytes, partial, onBytes);
    });
    return undefined;
  } catch (error) {
    if (error instanceof CacheError || error instanceof ChangedError) throw error;
    return error instanceof CutError ? error.message : reasonOf(error);
  }
}

/** The bytes from where the partial file ends, or all of them if they cannot be had. */
async function openBody(url: string, { handle, before, disk }: Partial, signal: AbortSignal) {
  const response = await httpGet(url, before, signal);
  const { status, statusText, headers } = response;
  const range = headers.get("content-range");
  // All of it is there already.
  if (status === 416 && range === `bytes */${before}`) {
    await discard(response);
    return { response: new Response(null), position: before };
  }
  const continues = status === 206 && range?.startsWith(`bytes ${before}-`) === true;
  if (continues && !isEncoded(response)) return { response, position: before };
  const unusable = continues || (status === 416 && before > 0);
  if (status !== 200 && !unusable) throw new Error(`it answered ${status} ${statusText}`.trim());
  if (before > 0) await disk(handle.truncate(0));
  if (status === 200) return { response, position: 0 };
  await discard(response);
  const whole = await httpGet(url, 0, signal);
  if (whole.status === 200) return { response: whole, position: 0 };
  throw new Error(`it answered ${whole.status} ${whole.statusText}`.trim());
}

async function copy(
  response: Response,
  position: number,
  sizeBytes: number | undefined,
  { handle, disk, onSize }: Partial,
  onBytes: () => void,
): Promise<void> {
  const announced = announcedSize(response, position);
  const total = sizeBytes ?? announced;
  if (total !== undefined && total > largestFileBytes) {
    await discard(response);
    throw new Error(`it has ${total} bytes; a file may have at most ${largestFileBytes}`);
  }
  const of = total === undefined ? "" : ` of ${total}`;
  let size = position;
  try {
    for await (const chunk of response.body ?? []) {
      onBytes();
      size += chunk.byteLength;
      if (sizeBytes !== undefined && size > sizeBytes) {
        await disk(handle.truncate(0));
        throw new Error(`it sent more than the ${sizeBytes} bytes that are expected`);
      }
      await disk(handle.appendFile(chunk));
      onSize(size, total);
    }
  } catch (error) {
    // What the connection says when it is cut; everything else says enough.
    if (!(error instanceof TypeError)) throw error;
    throw new CutError(`it was cut after ${size}${of} bytes (${reasonOf(error)})`, {
      cause: error,
    });
  }
  if (total !== undefined && size < total) throw new Error(`it sent ${size}${of} bytes`);
}

/** How long the file is, as the server says; of what is encoded on the way it does not. */
function announcedSize(response: Response, position: number): number | undefined {
  if (isEncoded(response)) return undefined;
  const length = response.headers.get("content-length");
  return length === null ? undefined : position + Number(length);
}

function isEncoded({ headers }: Response): boolean {
  const encoding = headers.get("content-encoding");
  return encoding !== null && encoding !== "identity";
}

/** What a server calls the content of a file: another one when the content is. */
export function versionOf({ headers }: Response): string | undefined {
  return headers.get("etag") ?? headers.get("last-modified") ?? undefined;
}

/** How many bytes of a file are there. */
export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
