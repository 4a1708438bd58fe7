import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unpackTar, unpackZip } from "./archive.js";

/** @type {string} */
let folder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "updraft-archive-"));
  await mkdir(join(folder, "in", "tool", "bin"), { recursive: true });
  await mkdir(join(folder, "out"));
  await writeFile(join(folder, "in", "tool", "bin", "run"), "#!/bin/sh\n");
  await chmod(join(folder, "in", "tool", "bin", "run"), 0o755);
  await writeFile(join(folder, "in", "tool", "README"), "read me");
});

afterEach(() => rm(folder, { recursive: true }));

describe("unpackTar", () => {
  it("leaves leading folders out and keeps what may be executed", async () => {
    const file = join(folder, "tool.tar.gz");
    execFileSync("tar", ["-czf", file, "-C", join(folder, "in"), "tool"]);
    await unpackTar(file, join(folder, "out"), { strip: 1 });
    expect((await readdir(join(folder, "out"))).toSorted()).toEqual(["README", "bin"]);
    expect((await stat(join(folder, "out", "bin", "run"))).mode & 0o777).toBe(0o755);
  });

  it("refuses what is no archive", async () => {
    await writeFile(join(folder, "page.tar.gz"), "<html>");
    await expect(unpackTar(join(folder, "page.tar.gz"), join(folder, "out"))).rejects.toThrow(
      /^tar ended with exit code/,
    );
  });
});

describe("unpackZip", () => {
  it("unpacks the members with the prefixes only", async () => {
    const file = join(folder, "tool.whl");
    execFileSync("python3", ["-m", "zipfile", "-c", file, "tool"], { cwd: join(folder, "in") });
    await unpackZip(file, join(folder, "out"), ["tool/READ"]);
    expect(await readdir(join(folder, "out", "tool"))).toEqual(["README"]);
    expect(await readFile(join(folder, "out", "tool", "README"), "utf8")).toBe("read me");
  });
});
