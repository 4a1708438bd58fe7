import { buffer, text } from "node:stream/consumers";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ArtifactNotFoundError, ArtifactPathError, type ArtifactStore } from "./artifact-store.ts";

/** A store that is empty, for one test. */
export interface StoreUnderTest {
  readonly store: ArtifactStore;
  /** Opens an address in the same place. */
  open(uri: string): ArtifactStore;
  remove(): Promise<void>;
}

/** Files of a folder, of which the last is the seal. */
const someFiles = { "model.json": "{}", "deep/er/weights.bin": "1234", "card.json": "{}" };

/** What the server behind a store cannot do, for a server that is not ours. */
export interface StoreLimits {
  /** Characters that its names may not have. */
  readonly refusedCharacters?: RegExp;
  /** Whether folders stay that nothing is in. */
  readonly keepsEmptyFolders?: boolean;
}

/** What every artifact store does, wherever it keeps its files. */
export function describeArtifactStore(
  name: string,
  start: () => Promise<StoreUnderTest>,
  limits: StoreLimits = {},
): void {
  describe(name, () => {
    let under: StoreUnderTest;
    const store = () => under.store;
    beforeEach(async () => {
      under = await start();
    });
    afterEach(() => under.remove());

    describeWriting(store);
    describeReplacing(store);
    describeReading(store);
    describeListing(store);
    if (!limits.keepsEmptyFolders) describeEmptyFolders(store);
    describeFolders(store);
    describeNames(store, (uri) => under.open(uri), limits.refusedCharacters);
    describePaths(store);
  });
}

/** Content that breaks off after some megabytes. */
function broken(megabytes: number): Readable {
  return Readable.from(
    (function* () {
      for (let count = 0; count < megabytes; count += 1) yield Buffer.alloc(1_000_000);
      throw new Error("the connection was cut");
    })(),
  );
}

function describeWriting(store: () => ArtifactStore): void {
  it("gives back what was written, whole and as a stream, and replaces it", async () => {
    await store().write("runs/a/loss.json", "[1]");
    await store().write("runs/a/loss.json", Readable.from([Buffer.from("[1,"), Buffer.from("2]")]));

    expect(String(await store().read("runs/a/loss.json"))).toBe("[1,2]");
    expect(await text(await store().readStream("runs/a/loss.json"))).toBe("[1,2]");
    expect(await store().stat("runs/a/loss.json")).toMatchObject({
      path: "runs/a/loss.json",
      size: 5,
    });
  });

  it("keeps empty files and bytes of any value", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    await store().write("empty", "");
    await store().write("empty-stream", Readable.from([]));
    await store().write("bytes", bytes);

    expect((await store().read("empty")).length).toBe(0);
    expect((await store().stat("empty-stream")).size).toBe(0);
    expect([...(await store().read("bytes"))]).toEqual([...bytes]);
  });

  it("takes content of unknown length that is longer than any buffer", async () => {
    const chunk = Buffer.alloc(1_000_003, "abcdefg");
    await store().write("long.bin", Readable.from(Array.from({ length: 20 }, () => chunk)));

    expect((await store().stat("long.bin")).size).toBe(20_000_060);
    const content = await store().read("long.bin");
    expect(content.equals(Buffer.concat(Array.from({ length: 20 }, () => chunk)))).toBe(true);
  });

  it("keeps the old content when the new one breaks off, early or late", async () => {
    await store().write("a.txt", "old");
    await expect(store().write("a.txt", broken(1))).rejects.toThrow("the connection was cut");
    await expect(store().write("a.txt", broken(12))).rejects.toThrow("the connection was cut");

    expect(String(await store().read("a.txt"))).toBe("old");
    expect(await store().entries("")).toEqual([{ name: "a.txt", kind: "file", size: 3 }]);
  });

  it("refuses to write a file where a folder is, or below a file", async () => {
    await store().write("runs/a.txt", "a");

    await expect(store().write("runs", "b")).rejects.toThrow(ArtifactPathError);
    await expect(store().write("runs/a.txt/b", "b")).rejects.toThrow(ArtifactPathError);
    await expect(store().write("runs/a.txt/b/c", "b")).rejects.toThrow(ArtifactPathError);
    expect(String(await store().read("runs/a.txt"))).toBe("a");
  });
}

function describeReplacing(store: () => ArtifactStore): void {
  it("shows a file whole or not at all while many write it", async () => {
    const contents = Array.from({ length: 8 }, (_, index) => String(index).repeat(200_000));
    await store().write("big.txt", contents[0] ?? "");
    const seen = new Set<string>();
    const over = new AbortController();
    const reading = (async () => {
      while (!over.signal.aborted) seen.add(String(await store().read("big.txt")));
    })();

    await Promise.all(contents.map((content) => store().write("big.txt", content)));
    over.abort();
    await reading;

    expect([...seen].filter((content) => !contents.includes(content))).toEqual([]);
  });
}

function describeReading(store: () => ArtifactStore): void {
  it("reads a part of a file", async () => {
    await store().write("digits", "0123456789");
    const part = async (start?: number, end?: number) =>
      text(await store().readStream("digits", { start, end }));

    expect(await part(2, 4)).toBe("234");
    expect(await part(7)).toBe("789");
    expect(await part(0, 0)).toBe("0");
    expect(await part(0, 9)).toBe("0123456789");
  });

  it("names the address of a file that is missing, or is a folder", async () => {
    await store().write("a/b.txt", "1");
    const missing = new ArtifactNotFoundError(store().uriOf("a"));

    await expect(store().stat("a")).rejects.toEqual(missing);
    await expect(store().read("a")).rejects.toEqual(missing);
    await expect(store().readStream("a")).rejects.toEqual(missing);
    await expect(store().readStream("a/c.txt")).rejects.toThrow(ArtifactNotFoundError);
    await expect(store().read("a/b.txt/c")).rejects.toThrow(ArtifactNotFoundError);
    await expect(store().stat("a/b.txt/c")).rejects.toThrow(ArtifactNotFoundError);
  });

  it("knows what is there and removes files and folders with what is in them", async () => {
    await store().write("a/b/c.txt", "1");
    await store().write("a/d.txt", "1");
    await store().write("ab.txt", "1");

    expect(await store().has("a/b")).toBe(true);
    expect(await store().has("a/b/c.txt")).toBe(true);
    expect(await store().has("a/b/c")).toBe(false);
    await store().remove("a/d.txt/below a file");
    await store().remove("a/d.txt");
    expect(await store().list("a")).toEqual([{ path: "a/b/c.txt", size: 1 }]);
    await store().remove("a");
    expect(await store().has("a/b/c.txt")).toBe(false);
    expect(await store().has("ab.txt")).toBe(true);
    await store().remove("a");
  });
}

function describeListing(store: () => ArtifactStore): void {
  it("lists every file below a folder in the order of the paths", async () => {
    await store().write("a/c/d.txt", "123");
    await store().write("a/b.txt", "12");
    await store().write("a/c.txt", "1");
    await store().write("b.txt", "1");

    expect(await store().list("a")).toEqual([
      { path: "a/b.txt", size: 2 },
      { path: "a/c.txt", size: 1 },
      { path: "a/c/d.txt", size: 3 },
    ]);
    expect(await store().list("nowhere")).toEqual([]);
    expect(await store().list("b.txt")).toEqual([]);
  });

  it("lists what lies directly in a folder, from the root on", async () => {
    await store().write("b/c/d.txt", "12");
    await store().write("a.txt", "1");

    expect(await store().entries("")).toEqual([
      { name: "a.txt", kind: "file", size: 1 },
      { name: "b", kind: "folder" },
    ]);
    expect(await store().entries("b")).toEqual([{ name: "c", kind: "folder" }]);
    expect(await store().entries("a.txt")).toEqual([]);
    expect(await store().entries("nowhere")).toEqual([]);
  });
}

function describeEmptyFolders(store: () => ArtifactStore): void {
  it("shows a folder as long as a file is in it", async () => {
    await store().write("a/b/c.txt", "1");
    await store().remove("a/b/c.txt");

    expect(await store().entries("")).toEqual([]);
    expect(await store().has("a")).toBe(false);
  });
}

function describeFolders(store: () => ArtifactStore): void {
  it("writes a folder and leaves one that is there as it is", async () => {
    await store().writeFolder("models/a", someFiles);
    await store().writeFolder("models/a", { "more.json": "new", "card.json": "new" });

    expect(await store().list("models")).toEqual([
      { path: "models/a/card.json", size: 2 },
      { path: "models/a/deep/er/weights.bin", size: 4 },
      { path: "models/a/model.json", size: 2 },
    ]);
  });

  it("shows the seal only when all the other files are there", async () => {
    const files: Record<string, string> = {};
    for (let index = 0; index < 20; index += 1) files[`files/f${index}`] = "x".repeat(index);
    files["card.json"] = "{}";
    const over = new AbortController();
    const looking = (async () => {
      const sealed: number[] = [];
      while (!over.signal.aborted) {
        const whole = await store().has("models/x/card.json");
        if (whole) sealed.push((await store().list("models/x")).length);
      }
      return sealed;
    })();

    await store().writeFolder("models/x", files);
    over.abort();

    expect((await looking).filter((count) => count !== 21)).toEqual([]);
    expect(await store().list("models/x")).toHaveLength(21);
  });

  it("is the same when several write the same folder at once", async () => {
    await Promise.all(Array.from({ length: 6 }, () => store().writeFolder("models/x", someFiles)));

    expect(await store().list("models/x")).toHaveLength(3);
    expect(String(await store().read("models/x/deep/er/weights.bin"))).toBe("1234");
  });

  it("does not pretend to have written a folder below a file", async () => {
    await store().write("models/a", "a file");

    const writing = (folder: string) => store().writeFolder(folder, someFiles);
    await expect(writing("models/a/b")).rejects.toThrow(ArtifactPathError);
    await expect(writing("models/a/b/c")).rejects.toThrow(ArtifactPathError);
  });

  it("writes nothing of a folder if one of its files has no sound path", async () => {
    const files = { "a.txt": "1", "../escape.txt": "2" };

    await expect(store().writeFolder("models/x", files)).rejects.toThrow(ArtifactPathError);

    expect(await store().has("models/x")).toBe(false);
  });
}

const oddNames = ["a b", "100%", "%41", "ü#1?&=+", "ü+&=", "'\"<>*|", "日本語", "😀", ".h", "..."];

function describeNames(
  store: () => ArtifactStore,
  open: (uri: string) => ArtifactStore,
  refused: RegExp | undefined,
): void {
  it("keeps names of any characters", async () => {
    const names = oddNames.filter((name) => !refused?.test(name));
    for (const name of names) await store().write(`odd/${name}/${name}`, name);

    for (const name of names) expect(String(await store().read(`odd/${name}/${name}`))).toBe(name);
    const sorted = names.toSorted((a, b) => (a < b ? -1 : 1));
    expect((await store().entries("odd")).map(({ name }) => name)).toEqual(sorted);
    expect((await store().list("odd")).map(({ path }) => path)).toEqual(
      sorted.map((name) => `odd/${name}/${name}`),
    );
    await store().remove("odd");
    expect(await store().has("odd")).toBe(false);
  });

  it("opens the address of a folder of its own", async () => {
    const odd = open(store().uriOf("a b/ü"));
    await odd.write("x.txt", "1");

    expect(odd.uri).toBe(store().uriOf("a b/ü"));
    expect(odd.uriOf("x.txt")).toBe(store().uriOf("a b/ü/x.txt"));
    expect(String(await store().read("a b/ü/x.txt"))).toBe("1");
    expect(await buffer(await odd.readStream("x.txt"))).toEqual(Buffer.from("1"));
    expect(await odd.list("x.txt")).toEqual([]);
    expect(await odd.entries("")).toEqual([{ name: "x.txt", kind: "file", size: 1 }]);
  });
}

function describePaths(store: () => ArtifactStore): void {
  it.each(["", "/etc/passwd", "..", "a/../../b", "a//b", "a/", "./a", "a\\b", "a\0b", "a\uD800"])(
    "refuses the path %j",
    async (path) => {
      await expect(store().write(path, "x")).rejects.toThrow(ArtifactPathError);
      await expect(store().writeFolder(path, { a: "x" })).rejects.toThrow(ArtifactPathError);
      await expect(store().read(path)).rejects.toThrow(ArtifactPathError);
      await expect(store().readStream(path)).rejects.toThrow(ArtifactPathError);
      await expect(store().stat(path)).rejects.toThrow(ArtifactPathError);
      await expect(store().remove(path)).rejects.toThrow(ArtifactPathError);
      await expect(store().list(path)).rejects.toThrow(ArtifactPathError);
      await expect(store().has(path)).rejects.toThrow(ArtifactPathError);
    },
  );
}
