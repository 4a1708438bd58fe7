import { execFileSync } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Digest, digestOf, digestOfFiles, hexOf, sha256 } from "./digest.ts";

describe("Digest", () => {
  it("takes sha256: and 64 lower-case hexadecimal digits, nothing else", () => {
    const hex = "0123456789abcdef".repeat(4);
    expect(Digest.safeParse(`sha256:${hex}`).success).toBe(true);
    for (const wrong of [hex, `sha256:${hex.toUpperCase()}`, `sha256:${hex}0`, `sha512:${hex}`]) {
      expect(Digest.safeParse(wrong).success, wrong).toBe(false);
    }
  });
});

describe("digestOf", () => {
  it("is the sha256 of the bytes", () => {
    const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    expect(digestOf("")).toBe(`sha256:${empty}`);
    expect(hexOf(digestOf(new Uint8Array()))).toBe(empty);
  });
});

describe("digestOfFiles", () => {
  const files = { "b.txt": "two", "a.txt": "one" };
  const digests = Object.entries(files).map(([path, text]) => ({ path, sha256: sha256(text) }));

  it("does not depend on the order of the files", () => {
    expect(digestOfFiles(digests)).toBe(digestOfFiles(digests.toReversed()));
  });

  it("changes with a path and with a content", () => {
    const [first, second] = digests as [(typeof digests)[0], (typeof digests)[0]];
    const before = digestOfFiles(digests);
    expect(digestOfFiles([first, { ...second, path: "c.txt" }])).not.toBe(before);
    expect(digestOfFiles([first, { ...second, sha256: sha256("three") }])).not.toBe(before);
  });

  it("is what sha256sum gives", async () => {
    const folder = await mkdtemp(join(tmpdir(), "updraft-digest-"));
    for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
    const listed = execFileSync("sha256sum", ["a.txt", "b.txt"], { cwd: folder });
    expect(digestOfFiles(digests)).toBe(`sha256:${sha256(listed)}`);
  });
});
