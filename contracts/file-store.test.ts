import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ArtifactChangedError, ArtifactPathError, type ArtifactStore } from "./artifact-store.ts";
import { describeArtifactStore } from "./artifact-store-suite.ts";
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

describeArtifactStore("a file store", async () => {
  const root = await mkdtemp(join(tmpdir(), "file-store-"));
  return {
    store: openArtifactStore(pathToFileURL(root).href),
    open: openArtifactStore,
    remove: () => rm(root, { recursive: true }),
  };
});

describe("a file store's folder", () => {
  it("leaves nothing of content that breaks off", async () => {
    const broken = Readable.from(
      (function* () {
        yield Buffer.from("ne");
        throw new Error("the connection was cut");
      })(),
    );

    await expect(store.write("a.txt", broken)).rejects.toThrow("the connection was cut");

    expect(await readdir(join(folder, ".incoming"))).toEqual([]);
  });

  it("gives a replaced file another version, and reads only the one that is wanted", async () => {
    await store.write("a.txt", "1");
    const { version } = await store.stat("a.txt");
    expect(String(await buffer(await store.readStream("a.txt", { version })))).toBe("1");
    await store.write("a.txt", "2");

    expect((await store.stat("a.txt")).version).not.toBe(version);
    await expect(store.readStream("a.txt", { version })).rejects.toThrow(ArtifactChangedError);
  });

  it("says that a name is too long for the disk", async () => {
    await expect(store.write(`a/${"n".repeat(300)}`, "x")).rejects.toThrow(
      "is not a path in an artifact store: a name in it is too long",
    );
    expect(await store.has(`a/${"n".repeat(300)}`)).toBe(false);
  });

  it("escapes what an address cannot hold, and opens the address again", async () => {
    const odd = openArtifactStore(store.uriOf("a b/ü#1"));
    await odd.write("x.txt", "1");

    expect(odd.uri).toBe(`${store.uri}/a%20b/%C3%BC%231`);
    expect(String(await store.read("a b/ü#1/x.txt"))).toBe("1");
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

  it.each([".incoming/x", ".incoming"])("keeps %s to itself", async (path) => {
    await expect(store.write(path, "x")).rejects.toThrow(ArtifactPathError);
    await expect(store.read(path)).rejects.toThrow(ArtifactPathError);
    await expect(store.remove(path)).rejects.toThrow(ArtifactPathError);
    await expect(store.list(path)).rejects.toThrow(ArtifactPathError);
    await expect(store.has(path)).rejects.toThrow(ArtifactPathError);
  });
});
