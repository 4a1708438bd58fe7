import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { sourceDigest } from "./checkout.ts";

describe("sourceDigest", () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "updraft-sources-"));
    await mkdir(join(root, "server/page"), { recursive: true });
    await writeFile(join(root, "server/main.ts"), "1");
    await writeFile(join(root, "server/page/index.html"), "2");
  });

  it("changes with the content of a source", async () => {
    const before = sourceDigest(["server"], root);
    await writeFile(join(root, "server/page/index.html"), "3");
    expect(sourceDigest(["server"], root)).not.toBe(before);
  });

  it("changes when a source moves", async () => {
    const before = sourceDigest(["server"], root);
    await writeFile(join(root, "server/other.ts"), "1");
    expect(sourceDigest(["server"], root)).not.toBe(before);
  });

  it("does not change with tests, installed packages or other files", async () => {
    const before = sourceDigest(["server"], root);
    await mkdir(join(root, "server/node_modules/express"), { recursive: true });
    await writeFile(join(root, "server/node_modules/express/index.js"), "4");
    await writeFile(join(root, "server/main.test.ts"), "5");
    await writeFile(join(root, "server/notes.txt"), "6");
    expect(sourceDigest(["server"], root)).toBe(before);
  });
});
