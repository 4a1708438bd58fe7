import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ArtifactNotFoundError,
  ArtifactPathError,
  openArtifactStore,
  type ArtifactStore,
} from "./artifact-store.ts";

let folder: string;
let store: ArtifactStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "file-store-"));
  store = openArtifactStore(pathToFileURL(folder).href);
});
afterEach(() => rm(folder, { recursive: true }));

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
  ])("refuses the path %j", async (path) => {
    await expect(store.write(path, "x")).rejects.toThrow(ArtifactPathError);
    await expect(store.read(path)).rejects.toThrow(ArtifactPathError);
    await expect(async () => store.remove(path)).rejects.toThrow(ArtifactPathError);
  });
});
