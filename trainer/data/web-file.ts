import { readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "@updraft/contracts/digest";
import { claimPartial, DownloadError, type DownloadOptions } from "./download.ts";
import { discard, httpGet, reasonOf, unlessStalled } from "./http-get.ts";
import { ChangedError, transfer, versionOf } from "./transfer.ts";

/** A file on the web whose content nobody has named. */
interface WebFile {
  readonly url: string;
  /** What the server calls its content: an ETag, or when it was changed. */
  readonly version: string | undefined;
}

/** Answers of servers that have no such file: those of buckets say "forbidden". */
const missing = new Set([403, 404, 410]);

/**
 * Asks for a file without reading it; `undefined` if there is none.
 * @throws {DownloadError} if there is no answer, or another one
 */
export async function lookUp(url: string, options: DownloadOptions): Promise<WebFile | undefined> {
  try {
    return await unlessStalled(options, async (signal) => {
      // Not HEAD: an address that is signed for reading is signed for GET alone.
      const response = await httpGet(url, 0, signal);
      await discard(response);
      const { status, statusText } = response;
      const answer = `it answered ${status} ${statusText}`.trim();
      if (status === 403) options.onStatus(`${url}: ${answer}; it is taken to be missing`);
      if (missing.has(status)) return undefined;
      if (status !== 200) throw new Error(answer);
      return { url, version: versionOf(response) };
    });
  } catch (error) {
    options.signal.throwIfAborted();
    throw new DownloadError(url, [reasonOf(error)]);
  }
}

/**
 * A text of 64 hexadecimal digits that is another one when the file's content is: from what the
 * server says of it, or from its bytes if it says nothing.
 */
export async function webFileStamp(
  url: string,
  options: DownloadOptions,
): Promise<string | undefined> {
  const file = await lookUp(url, options);
  if (!file) return undefined;
  if (file.version !== undefined) return sha256(file.version);
  const content = await readWebFile(url, options);
  return content && sha256(content);
}

/**
 * The bytes of a file as the server has them now: from the cache if it still has the same version,
 * else downloaded, going on where an earlier download of this version was cut. `undefined` if there
 * is no such file.
 * @throws {DownloadError}
 */
export async function readWebFile(
  url: string,
  options: DownloadOptions,
): Promise<Buffer | undefined> {
  for (let changes = 0; ; changes += 1) {
    const file = await lookUp(url, options);
    if (!file) return undefined;
    try {
      return await readVersion(file, options);
    } catch (error) {
      if (!(error instanceof ChangedError)) throw error;
      if (changes === 1) throw new DownloadError(url, [`${error.message}, twice; try it again`]);
    }
  }
}

async function readVersion(file: WebFile, options: DownloadOptions): Promise<Buffer> {
  const { url, version } = file;
  const folder = join(
    options.cacheFolder,
    "datasets/by-address",
    sha256(url),
    sha256(version ?? ""),
  );
  if (version === undefined) return fetchVersion(file, folder, options);
  return (await cached(folder)) ?? fetchVersion(file, folder, options);
}

/** What is whole is called by its sha256, so that it can be told from what is damaged. */
async function cached(folder: string): Promise<Buffer | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((entry) => /^[0-9a-f]{64}$/.test(entry))) {
    const content = await readFile(join(folder, name)).catch(() => undefined);
    if (content && sha256(content) === name) return content;
    await rm(join(folder, name), { force: true });
  }
  return undefined;
}

async function fetchVersion(
  { url, version }: WebFile,
  folder: string,
  options: DownloadOptions,
): Promise<Buffer> {
  const partial = await claimPartial(folder, url, options);
  // Nothing says that what an earlier download left behind is the beginning of the same content.
  if (version === undefined) await rm(partial, { force: true });
  options.onStatus(`downloading ${url}`);
  const expected = { name: url, version, resumable: version !== undefined };
  const reason = await transfer(url, partial, expected, options);
  options.signal.throwIfAborted();
  if (reason !== undefined) throw new DownloadError(url, [reason]);
  const content = await readFile(partial);
  if (version === undefined) await rm(partial);
  else await rename(partial, join(folder, sha256(content)));
  return content;
}
