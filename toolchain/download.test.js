import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { download, fetchText } from "./download.js";
import { Unavailable } from "./errors.js";

const content = Buffer.alloc(300_000, "0123456789");
const hex = createHash("sha256").update(content).digest("hex");
/** @type {import("./download.js").Checksum} */
const checksum = { algorithm: "sha256", hex };

/** @type {string} */
let folder;
/** @type {string} */
let file;
/** @type {http.Server | net.Server} */
let server;
/** @type {string[]} */
let ranges;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "updraft-download-"));
  file = join(folder, "archive");
  ranges = [];
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/**
 * @param {http.Server | net.Server} created
 * @returns {Promise<string>} its address
 */
async function listen(created) {
  server = created;
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  return `http://127.0.0.1:${address.port}`;
}

/**
 * A server that knows ranges.
 * @param {(response: http.ServerResponse, rest: Buffer, request: number) => void} send
 */
function source(send) {
  return http.createServer((request, response) => {
    const range = request.headers.range ?? "";
    ranges.push(range);
    const start = Number(/bytes=(\d+)-/.exec(range)?.[1] ?? 0);
    if (start >= content.length) return void response.writeHead(416).end();
    const rest = content.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, { "content-length": rest.length });
    send(response, rest, ranges.length);
  });
}

describe("download", () => {
  it("fetches a file, checks it and tells how far it is", async () => {
    const url = await listen(source((response, rest) => response.end(rest)));
    /** @type {Array<[number, number | undefined]>} */
    const progress = [];
    await download(url, file, {
      checksum,
      onProgress: (received, total) => progress.push([received, total]),
    });
    expect(await readFile(file)).toEqual(content);
    expect(progress.at(-1)).toEqual([content.length, content.length]);
    expect(await readdir(folder)).toEqual(["archive"]);
  });

  it("takes a cut connection up where it ended", async () => {
    const url = await listen(
      source((response, rest, request) => {
        if (request === 3) return response.end(rest);
        return response.write(rest.subarray(0, 100_000), () => response.destroy());
      }),
    );
    const taken = /^bytes=[1-9]\d+-$/;
    await download(url, file, { checksum });
    expect(await readFile(file)).toEqual(content);
    expect(ranges).toEqual(["", expect.stringMatching(taken), expect.stringMatching(taken)]);
  });

  it("takes an earlier download up", async () => {
    await writeFile(`${file}.part`, content.subarray(0, 1000));
    const url = await listen(source((response, rest) => response.end(rest)));
    await download(url, file, { checksum });
    expect(await readFile(file)).toEqual(content);
    expect(ranges).toEqual(["bytes=1000-"]);
  });

  it("takes up an earlier download that lacks nothing but its check", async () => {
    await writeFile(`${file}.part`, content);
    const url = await listen(source((response, rest) => response.end(rest)));
    await download(url, file, { checksum });
    expect(await readFile(file)).toEqual(content);
  });

  it("starts again if what was there is of another file", async () => {
    await writeFile(`${file}.part`, "something else");
    const url = await listen(source((response, rest) => response.end(rest)));
    await download(url, file, { checksum });
    expect(await readFile(file)).toEqual(content);
    expect(ranges).toEqual(["bytes=14-", ""]);
  });

  it("refuses other bytes, names both checksums and keeps nothing", async () => {
    const other = Buffer.from("not the archive");
    const url = await listen(http.createServer((_request, response) => void response.end(other)));
    const actual = createHash("sha256").update(other).digest("hex");
    await expect(download(url, file, { checksum })).rejects.toEqual(
      new Unavailable(`${url} is refused: its sha256 is ${actual}, not ${hex}`),
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it("checks MD5 where a source publishes no more", async () => {
    const url = await listen(source((response, rest) => response.end(rest)));
    const md5 = createHash("md5").update(content).digest("hex");
    await download(url, file, { checksum: { algorithm: "md5", hex: md5 } });
    expect(await readFile(file)).toEqual(content);
  });

  it("follows redirects", async () => {
    const url = await listen(
      http.createServer((request, response) => {
        if (request.url === "/file") return void response.end(content);
        return void response.writeHead(302, { location: "/file" }).end();
      }),
    );
    await download(`${url}/latest`, file, { checksum });
    expect(await readFile(file)).toEqual(content);
  });

  it("gives up on endless redirects", async () => {
    const url = await listen(
      http.createServer((_request, response) => {
        response.writeHead(302, { location: "/again" }).end();
      }),
    );
    await expect(download(url, file, { checksum })).rejects.toThrow("more than 5 redirects");
  });

  it("gives up on a source that is not there", async () => {
    const url = await listen(net.createServer());
    await new Promise((resolve) => server.close(resolve));
    await expect(download(url, file, { checksum })).rejects.toThrow("ECONNREFUSED");
  });

  it("gives up on a host that has no address", async () => {
    await listen(net.createServer());
    await expect(download("http://nowhere.invalid/x", file, { checksum })).rejects.toEqual(
      expect.objectContaining({
        name: "Unavailable",
        message: expect.stringMatching(/its host is not found \((ENOTFOUND|EAI_AGAIN)\)$/),
      }),
    );
  });

  it("gives up on a source that accepts and says nothing", async () => {
    const url = await listen(net.createServer((socket) => socket.resume()));
    await expect(download(url, file, { checksum, answerSeconds: 0.2 })).rejects.toEqual(
      new Unavailable(`${url}: no answer within 0.2 s`),
    );
  });

  it("gives up on a source that stops in the middle", async () => {
    const url = await listen(source((response, rest) => void response.write(rest.subarray(0, 10))));
    await expect(download(url, file, { checksum, silenceSeconds: 0.2 })).rejects.toThrow(
      "nothing came for 0.2 s",
    );
  });

  it("gives up on an answer that is not the file", async () => {
    const url = await listen(
      http.createServer((_request, response) => response.writeHead(404).end("gone")),
    );
    await expect(download(url, file, { checksum })).rejects.toEqual(
      new Unavailable(`${url}: the answer is HTTP 404`),
    );
  });
});

describe("fetchText", () => {
  it("gives the text", async () => {
    const url = await listen(
      http.createServer((_request, response) => void response.end("abc  file\n")),
    );
    expect(await fetchText(url)).toBe("abc  file\n");
  });
});
