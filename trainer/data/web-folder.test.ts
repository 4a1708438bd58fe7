import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { sha256 } from "@updraft/contracts/digest";
import { freePort } from "@updraft/contracts/free-port";
import { describe, expect, it } from "vitest";
import { startFileServer } from "../fixtures/file-server.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { createWebFolder } from "./web-folder.ts";

const content = randomBytes(200_000);
const other = randomBytes(150_000);
const etag = { etag: '"one"' };

async function setUp(address: string, stallMs = 5000) {
  const cacheFolder = await temporaryFolder();
  const lines: string[] = [];
  const options = {
    cacheFolder,
    signal: new AbortController().signal,
    onStatus: (line: string) => lines.push(line),
    stallMs,
  };
  const folder = createWebFolder(address, false, options);
  const read = async (path: string, sum?: string) => folder.read(path, sum);
  return { folder, read, lines, cacheFolder };
}

/** Where the partial downloads of a version are. */
const versionFolder = (cacheFolder: string, url: string, version: string) =>
  join(cacheFolder, "datasets/by-address", sha256(url), sha256(version));

const messageOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  return (error as Error).message;
};

describe("a file whose checksum is not known", () => {
  it("is downloaded once for each version that the server has of it", async () => {
    const server = await startFileServer({ "/d/a.csv": { content, headers: etag } });
    const { read, lines } = await setUp(`${server.url}/d/`);
    expect(await read("a.csv")).toEqual(content);
    expect(await read("a.csv")).toEqual(content);
    expect(lines).toEqual([`downloading ${server.url}/d/a.csv`]);
    server.files.set("/d/a.csv", { content: other, headers: { etag: '"two"' } });
    expect(await read("a.csv")).toEqual(other);
    expect(lines).toHaveLength(2);
  });

  it("is said to be on its way while it is long", async () => {
    const long = Buffer.alloc(60_000_000, "long");
    const server = await startFileServer({ "/a.csv": { content: long, headers: etag } });
    const { read, lines } = await setUp(server.url);
    expect((await read("a.csv"))?.length).toBe(60_000_000);
    expect(lines).toEqual([
      `downloading ${server.url}/a.csv`,
      `downloading ${server.url}/a.csv: 50 of 60 MB`,
    ]);
  });

  it("is told by the time of its change where there is no ETag", async () => {
    const headers = { "last-modified": "Sat, 28 Nov 2026 12:00:00 GMT" };
    const server = await startFileServer({ "/a.csv": { content, headers } });
    const { folder, read, lines } = await setUp(server.url);
    expect(await read("a.csv")).toEqual(content);
    expect(await read("a.csv")).toEqual(content);
    expect(lines).toHaveLength(1);
    expect(await folder.stamp("a.csv")).toBe(sha256(headers["last-modified"]));
  });

  it("is downloaded anew each time, and read for its stamp, where nothing tells its version", async () => {
    const server = await startFileServer({ "/a.csv": content });
    const { folder, read, lines, cacheFolder } = await setUp(server.url);
    expect(await read("a.csv")).toEqual(content);
    server.files.set("/a.csv", { content: other });
    expect(await read("a.csv")).toEqual(other);
    expect(await folder.stamp("a.csv")).toBe(sha256(other));
    expect(lines).toHaveLength(3);
    const kept = await readdir(cacheFolder, { recursive: true, withFileTypes: true });
    expect(kept.filter((entry) => entry.isFile())).toEqual([]);
  });

  it("goes on after each cut where it was cut, also with a weak ETag", async () => {
    const headers = { etag: 'W/"one"' };
    const server = await startFileServer({ "/a.csv": { content, headers, cutAfter: 70_000 } });
    const { read } = await setUp(server.url);
    expect(await read("a.csv")).toEqual(content);
    const starts = server.requests.slice(2).map((request) => /bytes=(\d+)-$/.exec(request)?.[1]);
    expect(starts.length).toBeGreaterThanOrEqual(2);
    expect(starts.every((start) => Number(start) > 0)).toBe(true);
  });

  it("goes on with what a process that has ended left behind of the same version", async () => {
    const server = await startFileServer({ "/a.csv": { content, headers: etag } });
    const { read, cacheFolder } = await setUp(server.url);
    const partials = versionFolder(cacheFolder, `${server.url}/a.csv`, etag.etag);
    await mkdir(partials, { recursive: true });
    await writeFile(join(partials, "4194304.left.partial"), content.subarray(0, 150_000));
    expect(await read("a.csv")).toEqual(content);
    expect(server.requests).toEqual(["/a.csv", "/a.csv bytes=150000-"]);
    expect(await readdir(partials)).toEqual([sha256(content)]);
  });

  it("starts again when it is replaced between two parts", async () => {
    const server = await startFileServer();
    const { read } = await setUp(server.url);
    let asked = 0;
    server.files.set("/a.csv", ({ headers }, response) => {
      asked += 1;
      // Asked for, begun, and then replaced.
      const isOld = asked <= 2;
      if (isOld) {
        response.writeHead(200, { ...etag, "content-length": content.length });
        if (asked === 2) response.write(content.subarray(0, 9000), () => response.destroy());
        else response.end(content);
        return;
      }
      const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
      const range = `bytes ${start}-${other.length - 1}/${other.length}`;
      response.writeHead(start > 0 ? 206 : 200, { etag: '"two"', "content-range": range });
      response.end(other.subarray(start));
    });
    expect(await read("a.csv")).toEqual(other);
  });

  it("is read as it is meant where the server keeps it encoded", async () => {
    const headers = { ...etag, "content-encoding": "gzip" };
    const server = await startFileServer({ "/a.csv": { content: gzipSync(content), headers } });
    const { read, cacheFolder } = await setUp(server.url);
    expect(await read("a.csv")).toEqual(content);
    // A part of what is encoded cannot be appended to what is not.
    const partials = versionFolder(cacheFolder, `${server.url}/a.csv`, etag.etag);
    await rm(join(partials, sha256(content)));
    await writeFile(join(partials, "4194304.left.partial"), content.subarray(0, 150_000));
    expect(await read("a.csv")).toEqual(content);
  });

  it("is not there where the server says so, or says that nobody may read it", async () => {
    const server = await startFileServer();
    server.files.set("/secret.csv", (_request, response) => response.writeHead(403).end());
    server.files.set("/broken.csv", (_request, response) => response.writeHead(500).end());
    const { folder, read, lines } = await setUp(server.url);
    expect([await read("a.csv"), await folder.stamp("a.csv")]).toEqual([undefined, undefined]);
    expect(lines).toEqual([]);
    expect(await read("secret.csv")).toBeUndefined();
    expect(lines).toEqual([
      `${server.url}/secret.csv: it answered 403 Forbidden; it is taken to be missing`,
    ]);
    expect(await messageOf(read("broken.csv"))).toBe(
      `${server.url}/broken.csv cannot be downloaded:\n  it answered 500 Internal Server Error`,
    );
  });

  it("is refused when it is longer than what can be read", async () => {
    const server = await startFileServer();
    server.files.set("/a.csv", (_request, response) => {
      response.writeHead(200, { ...etag, "content-length": 2 ** 31 });
      response.write("12345");
    });
    const { read } = await setUp(server.url);
    expect(await messageOf(read("a.csv"))).toBe(
      `${server.url}/a.csv cannot be downloaded:\n  it has 2147483648 bytes; a file may have at most 2147483647`,
    );
  });

  it("is refused when it is cut at the same place again and again", async () => {
    const server = await startFileServer();
    server.files.set("/a.csv", (_request, response) => {
      response.writeHead(200, { ...etag, "content-length": content.length });
      response.write(content.subarray(0, 9000), () => response.destroy());
    });
    const { read } = await setUp(server.url);
    expect(await messageOf(read("a.csv"))).toMatch(
      /^http:\S+\/a\.csv cannot be downloaded:\n {2}it was cut after \d+ of 200000 bytes \(terminated: .+\)$/,
    );
  });

  it("is refused when the server falls silent or cannot be reached", async () => {
    const server = await startFileServer();
    server.files.set("/a.csv", (_request, response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write("12345");
    });
    const { read } = await setUp(server.url, 300);
    expect(await messageOf(read("a.csv"))).toBe(
      `${server.url}/a.csv cannot be downloaded:\n  it sent nothing for 0.3 s`,
    );
    const port = await freePort();
    // A host with one address, and one that may have two.
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      const away = await setUp(`http://${host}/d/`);
      expect(await messageOf(away.read("a.csv"))).toMatch(
        new RegExp(
          `^http://${host}/d/a\\.csv cannot be downloaded:\n {2}it cannot be reached: connect ECONNREFUSED .+:${port}$`,
        ),
      );
    }
  });

  it("is followed where it has moved to, but not to where anybody may listen", async () => {
    const server = await startFileServer({ "/new.csv": { content, headers: etag } });
    const moved = (location: string) =>
      server.files.set("/a.csv", (_request, response) => {
        response.writeHead(302, { location }).end();
      });
    const { read } = await setUp(server.url);
    moved("/new.csv");
    expect(await read("a.csv")).toEqual(content);
    moved("http://192.0.2.1/a.csv");
    expect(await messageOf(read("a.csv"))).toContain(
      "it redirects to http://192.0.2.1/a.csv: expected https://; http:// is for this machine alone",
    );
    moved("/a.csv");
    expect(await messageOf(read("a.csv"))).toContain("it redirects more than 5 times");
  });

  it("has the question of its folder, and a name of its own that is encoded", async () => {
    const path = "/d/a%20b%23.csv?token=1";
    const server = await startFileServer({ [path]: { content, headers: etag } });
    const { folder, read } = await setUp(`${server.url}/d?token=1`);
    expect(await read("a b#.csv")).toEqual(content);
    expect(folder.originOf("a b#.csv")).toBe(server.url + path);
    expect(await folder.list()).toBeUndefined();
  });

  it.runIf(existsSync("/dev/full"))("ends with what to do when the disk is full", async () => {
    const server = await startFileServer({ "/a.csv": { content, headers: etag } });
    const { read, cacheFolder } = await setUp(server.url);
    const partials = versionFolder(cacheFolder, `${server.url}/a.csv`, etag.etag);
    await mkdir(partials, { recursive: true });
    await symlink("/dev/full", join(partials, "4194304.left.partial"));
    expect(await messageOf(read("a.csv"))).toBe(
      `there is no space left in ${cacheFolder} for ${server.url}/a.csv; free some, or set UPDRAFT_CACHE to a folder on a larger disk`,
    );
  });

  it("ends with what to do when the cache folder cannot be written to", async () => {
    const server = await startFileServer({ "/a.csv": { content, headers: etag } });
    const { read, cacheFolder } = await setUp(server.url);
    await writeFile(join(cacheFolder, "datasets"), "a file");
    expect(await messageOf(read("a.csv"))).toMatch(
      /cannot be written to: E\w+: .+; set UPDRAFT_CACHE to a folder that can$/,
    );
  });
});

describe("a file whose checksum is known", () => {
  it("is taken from the cache without a request", async () => {
    const server = await startFileServer({ "/d/a.csv": content });
    const { read } = await setUp(`${server.url}/d/`);
    expect(await read("a.csv", sha256(content))).toEqual(content);
    expect(await read("a.csv", sha256(content))).toEqual(content);
    expect(server.requests).toEqual(["/d/a.csv"]);
  });

  it("is refused when it has other bytes", async () => {
    const server = await startFileServer({ "/a.csv": other });
    const { read } = await setUp(server.url);
    expect(await messageOf(read("a.csv", sha256(content)))).toBe(
      `${server.url}/a.csv: its sha256 is ${sha256(other)}; expected ${sha256(content)}`,
    );
  });

  it("is asked for again when what was left behind is of something else, or is all of it", async () => {
    const server = await startFileServer({ "/a.csv": content });
    const { read, cacheFolder } = await setUp(server.url);
    const folder = join(cacheFolder, "datasets", sha256(content));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "4194304.left.partial"), other.subarray(0, 1000));
    expect(await read("a.csv", sha256(content))).toEqual(content);
    expect(server.requests).toEqual(["/a.csv bytes=1000-", "/a.csv"]);

    await rm(join(folder, "a.csv"));
    await writeFile(join(folder, "4194304.left.partial"), content);
    expect(await read("a.csv", sha256(content))).toEqual(content);
    expect(server.requests.slice(2)).toEqual(["/a.csv bytes=200000-"]);
  });

  it("is missing where the server says so", async () => {
    const server = await startFileServer();
    const { read } = await setUp(server.url);
    expect(await messageOf(read("a.csv", sha256(content)))).toBe(
      `a.csv cannot be downloaded:\n  ${server.url}/a.csv: it answered 404 Not Found`,
    );
  });
});
