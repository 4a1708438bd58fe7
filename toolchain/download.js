import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { dirname } from "node:path";
import { finished, pipeline } from "node:stream/promises";
import { Unavailable } from "./errors.js";

/** @typedef {{ algorithm: "sha256" | "md5", hex: string }} Checksum */

/**
 * @typedef {object} DownloadOptions
 * @property {Checksum} checksum of the whole file
 * @property {(receivedBytes: number, totalBytes: number | undefined) => void} [onProgress]
 * @property {number} [answerSeconds] longest wait for name, connection and first answer; a network
 *   that swallows packets must not hold up the way that works
 * @property {number} [silenceSeconds] longest pause within the answer
 */

const attempts = 4;
const redirects = 5;

/**
 * Downloads a file and checks it. A cut download is taken up where it ended, within one call and
 * from an earlier one.
 * @param {string} url
 * @param {string} file
 * @param {DownloadOptions} options
 * @throws {Unavailable} if the source cannot be reached, or sends something else
 */
export async function download(url, file, options) {
  const part = `${file}.part`;
  await mkdir(dirname(file), { recursive: true });
  const takenUp = (await sizeOf(part)) > 0;
  await receiveAll(url, part, options);
  const { algorithm, hex } = options.checksum;
  const actual = await hashOfFile(part, algorithm);
  if (actual === hex) return rename(part, file);
  await rm(part);
  if (takenUp) return download(url, file, options);
  throw new Unavailable(`${url} is refused: its ${algorithm} is ${actual}, not ${hex}`);
}

/**
 * @param {string} url
 * @param {string} part
 * @param {DownloadOptions} options
 */
async function receiveAll(url, part, options) {
  for (let attempt = 1; ; attempt += 1) {
    const before = await sizeOf(part);
    try {
      return await receive(url, part, before, options);
    } catch (error) {
      const progressed = (await sizeOf(part)) > before;
      if (!progressed || attempt === attempts) throw unavailable(url, error);
    }
  }
}

/**
 * A small text, such as a list of checksums.
 * @param {string} url
 * @param {Pick<DownloadOptions, "answerSeconds">} [options]
 * @throws {Unavailable}
 */
export async function fetchText(url, options = {}) {
  try {
    const response = await request(url, {}, options.answerSeconds);
    expectStatus(response, [200]);
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) text += chunk;
    return text;
  } catch (error) {
    throw unavailable(url, error);
  }
}

/**
 * @param {string} file
 * @param {Checksum["algorithm"]} algorithm
 * @returns {Promise<string>} in hexadecimal
 */
export async function hashOfFile(file, algorithm) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/**
 * @param {string} url
 * @param {string} part
 * @param {number} offset bytes that are already there
 * @param {DownloadOptions} options
 */
async function receive(url, part, offset, options) {
  /** @type {Record<string, string>} */
  const headers = offset > 0 ? { range: `bytes=${offset}-` } : {};
  const response = await request(url, headers, options.answerSeconds);
  // Nothing is left to send: either the part is whole, or it is not of this file, which the
  // checksum finds out.
  if (response.statusCode === 416 && offset > 0) return void response.resume();
  expectStatus(response, [200, 206]);
  const start = response.statusCode === 206 ? offset : 0;
  const length = response.headers["content-length"];
  const total = length === undefined ? undefined : start + Number(length);
  let received = start;
  response.on("data", (/** @type {Buffer} */ chunk) => {
    received += chunk.length;
    options.onProgress?.(received, total);
  });
  const silenceSeconds = options.silenceSeconds ?? 30;
  response.setTimeout(silenceSeconds * 1000, () =>
    response.destroy(new Error(`nothing came for ${silenceSeconds} s`)),
  );
  await save(response, createWriteStream(part, { flags: start > 0 ? "a" : "w" }));
}

/**
 * Writes what comes; if it is cut, the part that came is in the file all the same, which a pipeline
 * does not promise.
 * @param {http.IncomingMessage} response
 * @param {import("node:fs").WriteStream} writer
 */
async function save(response, writer) {
  const written = finished(writer);
  writer.on("drain", () => response.resume());
  writer.once("error", (error) => response.destroy(error));
  response.on("data", (/** @type {Buffer} */ chunk) => {
    if (!writer.write(chunk)) response.pause();
  });
  const [received] = await Promise.allSettled([finished(response)]);
  writer.end();
  await written;
  if (received.status === "rejected") throw received.reason;
}

/**
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {number} [answerSeconds]
 * @param {number} [remaining] redirects that are still followed
 * @returns {Promise<http.IncomingMessage>}
 */
async function request(url, headers, answerSeconds = 5, remaining = redirects) {
  const response = await answer(url, headers, answerSeconds);
  const location = response.headers.location;
  if (location === undefined || (response.statusCode ?? 0) < 300) return response;
  response.resume();
  const target = new URL(location, url);
  if (remaining === 0) throw new Error(`more than ${redirects} redirects`);
  if (url.startsWith("https:") && target.protocol !== "https:") {
    throw new Error(`a redirect to ${target.href}, which is not encrypted`);
  }
  return request(target.href, headers, answerSeconds, remaining - 1);
}

/**
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {number} answerSeconds
 * @returns {Promise<http.IncomingMessage>}
 */
function answer(url, headers, answerSeconds) {
  return new Promise((resolve, reject) => {
    const client = url.startsWith("https:") ? https : http;
    const sent = client.get(url, { headers });
    // A timeout of the socket would not count the name's resolution.
    const timer = setTimeout(
      () => sent.destroy(new Error(`no answer within ${answerSeconds} s`)),
      answerSeconds * 1000,
    );
    sent.once("response", (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    sent.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

/** @param {http.IncomingMessage} response @param {number[]} expected */
function expectStatus(response, expected) {
  if (expected.includes(response.statusCode ?? 0)) return;
  response.resume();
  throw new Error(`the answer is HTTP ${response.statusCode}`);
}

/** @param {string} file @returns {Promise<number>} in bytes; 0 if there is none */
async function sizeOf(file) {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}

/** @param {string} url @param {unknown} error */
function unavailable(url, error) {
  return new Unavailable(`${url}: ${reasonOf(error)}`, { cause: error });
}

/** @param {unknown} error */
function reasonOf(error) {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `its host is not found (${code})`;
  // Failed connections to several addresses of a host come as one error without a message.
  return error.message || code;
}
