import { access, mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { folderHandler } from "./folder-handler.ts";
import type { OperationContext } from "./resource-handler.ts";

const context: OperationContext = {
  urn: "urn:pulumi:dev::updraft::updraft:local:Folder::environment-folder",
  signal: new AbortController().signal,
  info: () => undefined,
  status: () => undefined,
};

describe("folderHandler", () => {
  let path: string;

  beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), "updraft-folder-")), "dev");
  });

  it("makes the folder and removes it with all that is in it", async () => {
    await folderHandler.create({ path, keep: false }, context);
    await mkdir(join(path, "logs"));
    await writeFile(join(path, "logs/training.log"), "epoch 1");
    await folderHandler.delete({ path, keep: false });
    await expect(access(path)).rejects.toThrow("ENOENT");
  });

  it("leaves a folder that is to be kept, and takes it again", async () => {
    await folderHandler.create({ path, keep: true }, context);
    await writeFile(join(path, "tracker.db"), "rows");
    await folderHandler.delete({ path, keep: true });
    await folderHandler.create({ path, keep: false }, context);
    expect(await readdir(path)).toContain("tracker.db");
  });

  it("does not take a folder with files of somebody else's", async () => {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, "thesis.tex"), "");
    await expect(folderHandler.create({ path, keep: false }, context)).rejects.toThrow(
      "it holds files that are not a stack's. Name an empty folder that can be written to.",
    );
  });

  it("sees that the folder is gone", async () => {
    expect(await folderHandler.read?.({ path, keep: false })).toBeUndefined();
  });

  it("refuses to move a stack's files by an update", () => {
    expect(folderHandler.check?.({ path: "/a" }, { path: "/b" })).toMatchObject([
      { property: "path" },
    ]);
    expect(folderHandler.check?.({}, { path: "/b" })).toEqual([]);
  });
});
