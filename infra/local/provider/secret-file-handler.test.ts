import { chmod, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { OperationContext } from "./resource-handler.ts";
import { secretFileHandler } from "./secret-file-handler.ts";

const context: OperationContext = {
  urn: "urn:pulumi:dev::updraft::updraft:local:SecretFile::tracker-credentials",
  signal: new AbortController().signal,
  info: () => undefined,
  status: () => undefined,
};

describe("secretFileHandler", () => {
  let path: string;

  beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), "updraft-secret-")), "stack/secret.json");
  });

  it("writes a file that only its owner may read, and removes it", async () => {
    await secretFileHandler.create({ path, content: "one" }, context);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, "utf8")).toBe("one");
    await secretFileHandler.delete({ path, content: "one" });
    expect(await readdir(dirname(path))).toEqual([]);
  });

  it("puts other content in its place, as private as before", async () => {
    const before = { path, content: "one" };
    await secretFileHandler.create(before, context);
    await chmod(path, 0o644);
    await secretFileHandler.update?.(before, { path, content: "two" }, context);
    expect(await readFile(path, "utf8")).toBe("two");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("tells what has to be done", async () => {
    const state = { path, content: "one" };
    await secretFileHandler.create(state, context);
    const difference = (inputs: object) =>
      secretFileHandler.difference(state, { ...state, ...inputs }, context);
    expect(await difference({})).toBe("same");
    expect(await difference({ content: "two" })).toBe("update");
    expect(await difference({ path: `${path}.other` })).toBe("replace");
    await writeFile(path, "edited by hand");
    expect(await difference({})).toBe("update");
  });

  it("sees that the file is gone", async () => {
    const state = { path, content: "one" };
    expect(await secretFileHandler.read?.(state)).toBeUndefined();
    await secretFileHandler.create(state, context);
    expect(await secretFileHandler.read?.(state)).toEqual({});
  });
});
