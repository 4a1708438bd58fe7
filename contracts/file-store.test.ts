import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ArtifactNotFoundError, ArtifactPathError, type ArtifactStore } from "./artifact-store.ts";
import { openArtifactStore } from "./open-artifact-store.ts";

let folder: string;
let store: ArtifactStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "file-store-"));
  store = openArtifactStore(pathToFileURL(folder).href);
});
afterEach(() => rm(folder, { recursive: true }));

/** The files of a folder that a writer of this name writes. */
const filesOf = (name: string) => ({ "a.txt": name, "b/c.txt": name });

describe("openArtifactStore", () => {
  it.each(["s3://bucket/prefix", "file://relative", "/tmp/x", ""])("refuses %j", (uri) => {
    expect(() => openArtifactStore(uri)).toThrow(
      `${uri} is not an artifact store: expected file:///<absolute folder>`,
    );
  });
});

describe("a file store", () => {
  it("gives back what was written, whole and as a stream", async () => {
    await store.write("runs/a/loss.json", "[1]");
    await store.write("runs/a/loss.json", Readable.from([Buffer.from("[1,"), Buffer.from("2]")]));

    expect(String(await store.read("runs/a/loss.json"))).toBe("[1,2]");
    expect(await text(await store.readStream("runs/a/loss.json"))).toBe("[1,2]");
    expect(await store.stat("runs/a/loss.json")).toEqual({ path: "runs/a/loss.json", size: 5 });
  });

  it("keeps the old content when the new one breaks off", async () => {
    await store.write("a.txt", "old");
    const broken = Readable.from(
      (function* () {
        yield Buffer.from("ne");
        throw new Error("the connection was cut");
      })(),
    );

    await expect(store.write("a.txt", broken)).rejects.toThrow("the connection was cut");

    expect(String(await store.read("a.txt"))).toBe("old");
    expect(await readdir(join(folder, ".incoming"))).toEqual([]);
  });

  it("refuses to write a file where a folder is, or below a file", async () => {
    await store.write("runs/a.txt", "a");

    await expect(store.write("runs", "b")).rejects.toThrow(ArtifactPathError);
    await expect(store.write("runs/a.txt/b", "b")).rejects.toThrow(ArtifactPathError);
    await expect(store.write("runs/a.txt/b/c", "b")).rejects.toThrow(ArtifactPathError);
    expect(String(await store.read("runs/a.txt"))).toBe("a");
  });

  it("leaves a folder that is there as it is", async () => {
    await store.writeFolder("models/a", { "card.json": "1" });
    await store.writeFolder("models/a", { "card.json": "2", "more.json": "2" });

    expect(await store.list("models")).toEqual([{ path: "models/a/card.json", size: 1 }]);
  });

  it("does not pretend to have written a folder below a file", async () => {
    await store.write("models/a", "a file");

    await expect(store.writeFolder("models/a/b", { "card.json": "1" })).rejects.toThrow(
      ArtifactPathError,
    );
    await expect(store.writeFolder("models/a/b/c", { "card.json": "1" })).rejects.toThrow(
      ArtifactPathError,
    );
  });

  it("lists what lies directly in a folder, from the root on, without what is being written", async () => {
    await store.write("b/c/d.txt", "12");
    await store.write("a.txt", "1");

    expect(await store.entries("")).toEqual([
      { name: "a.txt", kind: "file", size: 1 },
      { name: "b", kind: "folder" },
    ]);
    expect(await store.entries("b")).toEqual([{ name: "c", kind: "folder" }]);
    expect(await store.entries("a.txt")).toEqual([]);
    expect(await store.entries("nowhere")).toEqual([]);
  });

  it("names the address of a file that is missing", async () => {
    await store.write("a/b.txt", "1");
    const missing = new ArtifactNotFoundError(`${pathToFileURL(folder).href}/a`);

    await expect(store.stat("a")).rejects.toEqual(missing);
    await expect(store.readStream("a/c.txt")).rejects.toThrow(ArtifactNotFoundError);
    await expect(store.read("a/b.txt/c")).rejects.toThrow(ArtifactNotFoundError);
    await expect(store.read("a")).rejects.toEqual(missing);
    await expect(store.readStream("a")).rejects.toEqual(missing);
  });

  it("knows what is there and removes files and folders with what is in them", async () => {
    await store.write("a/b/c.txt", "1");
    await store.write("a/d.txt", "1");

    expect(await store.has("a/b")).toBe(true);
    await store.remove("a/d.txt");
    expect(await store.list("a")).toEqual([{ path: "a/b/c.txt", size: 1 }]);
    await store.remove("a");
    expect(await store.has("a/b/c.txt")).toBe(false);
    await store.remove("a");
  });

  it("lists every file below a folder in the order of the paths", async () => {
    await store.write("a/c/d.txt", "123");
    await store.write("a/b.txt", "12");
    await store.write("b.txt", "1");

    expect(await store.list("a")).toEqual([
      { path: "a/b.txt", size: 2 },
      { path: "a/c/d.txt", size: 3 },
    ]);
    expect(await store.list("nowhere")).toEqual([]);
  });

  it("escapes what an address cannot hold, and opens the address again", async () => {
    const odd = openArtifactStore(store.uriOf("a b/ü#1"));
    await odd.write("x.txt", "1");

    expect(odd.uri).toBe(`${store.uri}/a%20b/%C3%BC%231`);
    expect(String(await store.read("a b/ü#1/x.txt"))).toBe("1");
  });

  it("shows a file whole or not at all while many write it", async () => {
    const contents = Array.from({ length: 8 }, (_, index) => String(index).repeat(200_000));
    await store.write("big.txt", contents[0]!);
    const seen = new Set<string>();
    const over = new AbortController();
    const reading = (async () => {
      while (!over.signal.aborted) seen.add(String(await store.read("big.txt")));
    })();

    await Promise.all(contents.map((content) => store.write("big.txt", content)));
    over.abort();
    await reading;

    expect([...seen].filter((content) => !contents.includes(content))).toEqual([]);
    expect(await readdir(join(folder, ".incoming"))).toEqual([]);
  });

  it("keeps one of the folders that several write at once, whole", async () => {
    const names = ["1", "2", "3", "4", "5", "6", "7", "8"];

    await Promise.all(names.map((name) => store.writeFolder("models/x", filesOf(name))));

    const first = String(await store.read("models/x/a.txt"));
    expect(names).toContain(first);
    expect(String(await store.read("models/x/b/c.txt"))).toBe(first);
    expect(await readdir(join(folder, ".incoming"))).toEqual([]);
  });

  it("leaves nothing of a folder whose files cannot all be written", async () => {
    const files = { "a.txt": "1", "../escape.txt": "2" };

    await expect(store.writeFolder("models/x", files)).rejects.toThrow(ArtifactPathError);

    expect(await store.has("models/x")).toBe(false);
    expect(await readdir(join(folder, ".incoming"))).toEqual([]);
  });

  it("shows nothing of a file whose writer was killed", async () => {
    const script = `
      import { openArtifactStore } from ${JSON.stringify(join(import.meta.dirname, "open-artifact-store.ts"))};
      await openArtifactStore(process.argv[1]).write("cut.txt", (async function* () {
        yield Buffer.from("half");
        process.stdout.write("half written");
        await new Promise(() => setInterval(() => undefined, 1000));
      })());`;
    const writer = spawn(process.execPath, ["--input-type=module", "-e", script, store.uri]);
    await once(writer.stdout, "data");
    writer.kill("SIGKILL");
    await once(writer, "exit");

    expect(await store.entries("")).toEqual([]);
    await store.write("cut.txt", "whole");
    expect(String(await store.read("cut.txt"))).toBe("whole");
  });

  it("removes what a killed writer left a day ago, not what is being written", async () => {
    const incoming = join(folder, ".incoming");
    await mkdir(incoming, { recursive: true });
    const dayAndMore = new Date(Date.now() - 25 * 60 * 60 * 1000);
    await writeFile(join(incoming, "left"), "half");
    await utimes(join(incoming, "left"), dayAndMore, dayAndMore);
    await writeFile(join(incoming, "under-way"), "half");
    await store.write("a.txt", "whole");
    expect(await readdir(incoming)).toEqual(["under-way"]);
  });

  it.each([
    "",
    "/etc/passwd",
    "..",
    "a/../../b",
    "a//b",
    "a/",
    "./a",
    "a\\b",
    "a\0b",
    ".incoming/x",
    ".incoming",
  ])("refuses the path %j", async (path) => {
    await expect(store.write(path, "x")).rejects.toThrow(ArtifactPathError);
    await expect(store.read(path)).rejects.toThrow(ArtifactPathError);
    await expect(store.remove(path)).rejects.toThrow(ArtifactPathError);
    await expect(store.list(path)).rejects.toThrow(ArtifactPathError);
    await expect(store.has(path)).rejects.toThrow(ArtifactPathError);
  });
});
