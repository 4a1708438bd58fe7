import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { sha256 } from "@updraft/contracts/digest";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { download } from "./download.ts";

const content = randomBytes(200_000);

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A mirror on a free port; the ranges it was asked for. */
async function startMirror(handler: Handler) {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/digits`, ranges };
}

/** Answers with the content, from where it is asked for. */
const whole: Handler = ({ headers }, response) => {
  const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
  if (start > 0) {
    const range = `bytes ${start}-${content.length - 1}/${content.length}`;
    response.writeHead(206, { "content-range": range });
  }
  response.end(content.subarray(start));
};

/** Sends some bytes, and then cuts the line. */
function cutAfter(bytes: number): Handler {
  return ({ headers }, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
    const range = `bytes ${start}-${content.length - 1}/${content.length}`;
    response.writeHead(start > 0 ? 206 : 200, start > 0 ? { "content-range": range } : {});
    response.write(content.subarray(start, start + bytes), () => response.destroy());
  };
}

async function setUp(urls: readonly string[]) {
  const cacheFolder = await temporaryFolder();
  const file = { name: "digits", sizeBytes: content.length, sha256: sha256(content), urls };
  const lines: string[] = [];
  const options = {
    cacheFolder,
    signal: new AbortController().signal,
    onStatus: (line: string) => lines.push(line),
    stallMs: 500,
  };
  return { file, options, lines, folder: join(cacheFolder, "datasets", file.sha256) };
}

describe("download", () => {
  it("downloads a file once and then takes it from the cache", async () => {
    const mirror = await startMirror(whole);
    const { file, options, lines, folder } = await setUp([mirror.url]);
    const first = await download(file, options);
    expect(Buffer.compare(first.content, content)).toBe(0);
    expect(first).toMatchObject({ name: "digits", origin: join(folder, "digits") });
    expect(Buffer.compare((await download(file, options)).content, content)).toBe(0);
    expect(mirror.ranges).toEqual([undefined]);
    expect(lines).toEqual([`downloading ${mirror.url}`]);
    expect(await readdir(folder)).toEqual(["digits"]);
  });

  it("unpacks what is gzipped and drops the ending", async () => {
    const packed = gzipSync(content);
    const mirror = await startMirror((_request, response) => response.end(packed));
    const { file, options } = await setUp([mirror.url]);
    const gzipped = {
      ...file,
      name: "digits.gz",
      sizeBytes: packed.length,
      sha256: sha256(packed),
    };
    const got = await download(gzipped, options);
    expect(got.name).toBe("digits");
    expect(Buffer.compare(got.content, content)).toBe(0);
  });

  it("goes on after each cut where it was cut", async () => {
    const mirror = await startMirror(cutAfter(70_000));
    const { file, options } = await setUp([mirror.url]);
    expect(Buffer.compare((await download(file, options)).content, content)).toBe(0);
    // What was under way at a cut may be lost, so a start is where the last piece ended or before.
    const starts = mirror.ranges.map((range) => Number(range?.slice("bytes=".length, -1) ?? 0));
    expect(starts.length).toBeGreaterThanOrEqual(3);
    expect(starts[0]).toBe(0);
    expect(starts.toSorted((a, b) => a - b)).toEqual(starts);
    expect(new Set(starts).size).toBe(starts.length);
  });

  it("goes on with what a process that has ended left behind", async () => {
    const mirror = await startMirror(whole);
    const { file, options, folder } = await setUp([mirror.url]);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "4194304.left.partial"), content.subarray(0, 150_000));
    expect(Buffer.compare((await download(file, options)).content, content)).toBe(0);
    expect(mirror.ranges).toEqual(["bytes=150000-"]);
    expect(await readdir(folder)).toEqual(["digits"]);
  });

  it("leaves alone what another process is downloading", async () => {
    const mirror = await startMirror(whole);
    const { file, options, folder } = await setUp([mirror.url]);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${process.ppid}.theirs.partial`), "theirs");
    await download(file, options);
    expect((await readdir(folder)).toSorted()).toEqual([
      `${process.ppid}.theirs.partial`,
      "digits",
    ]);
  });

  it("starts again where a mirror cannot resume", async () => {
    const mirror = await startMirror((_request, response) => response.end(content));
    const { file, options, folder } = await setUp([mirror.url]);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "4194304.left.partial"), randomBytes(1000));
    expect(Buffer.compare((await download(file, options)).content, content)).toBe(0);
  });

  it("downloads again what was damaged in the cache", async () => {
    const mirror = await startMirror(whole);
    const { file, options, folder } = await setUp([mirror.url]);
    await download(file, options);
    await writeFile(join(folder, "digits"), "damaged");
    expect(Buffer.compare((await download(file, options)).content, content)).toBe(0);
    expect(Buffer.compare(await readFile(join(folder, "digits")), content)).toBe(0);
  });

  it("takes the next mirror when one is missing, cut, wrong, too long or silent", async () => {
    const wrong = randomBytes(content.length);
    const mirrors = await Promise.all([
      startMirror((_request, response) => response.writeHead(404).end()),
      startMirror((_request, response) => response.destroy()),
      startMirror((_request, response) => response.end(wrong)),
      startMirror((_request, response) => response.end(Buffer.concat([content, wrong]))),
      startMirror(() => {}),
    ]);
    const urls = mirrors.map(({ url }) => url);
    const good = await startMirror(whole);
    const { file, options } = await setUp(["http://127.0.0.1:1/digits", ...urls, good.url]);
    expect(Buffer.compare((await download(file, options)).content, content)).toBe(0);

    const failing = { ...file, urls: ["http://127.0.0.1:1/digits", ...urls] };
    const elsewhere = { ...options, cacheFolder: await temporaryFolder() };
    const error: unknown = await download(failing, elsewhere).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message.split("\n")).toEqual([
      "digits cannot be downloaded:",
      expect.stringContaining("  http://127.0.0.1:1/digits: it cannot be reached: "),
      `  ${urls[0]}: it answered 404 Not Found`,
      `  ${urls[1]}: it cannot be reached: other side closed`,
      `  ${urls[2]}: it sent other bytes, with sha256 ${sha256(wrong)}; expected ${file.sha256}`,
      `  ${urls[3]}: it sent more than the 200000 bytes that are expected`,
      `  ${urls[4]}: it sent nothing for 0.5 s`,
    ]);
  });

  it("stops when it is cancelled", async () => {
    const mirror = await startMirror(() => {});
    const { file, options } = await setUp([mirror.url]);
    const signal = AbortSignal.timeout(100);
    await expect(download(file, { ...options, stallMs: 20_000, signal })).rejects.toThrow(
      "The operation was aborted due to timeout",
    );
  });
});
