import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cacheFolder, ensurePart, partFolder } from "./parts.js";

/** @param {string} folder */
async function failing(folder) {
  await writeFile(join(folder, "half"), "");
  throw new Error("no compiler");
}

describe("cacheFolder", () => {
  it("follows UPDRAFT_CACHE, then the XDG base directories, then the home folder", () => {
    const xdg = { XDG_CACHE_HOME: "/x" };
    expect(cacheFolder({ ...xdg, UPDRAFT_CACHE: "/own" })).toBe("/own");
    expect(cacheFolder(xdg)).toBe("/x/updraft");
    expect(cacheFolder({ UPDRAFT_CACHE: "own" })).toBe(join(process.cwd(), "own"));
    expect(cacheFolder({})).toBe(join(homedir(), ".cache", "updraft"));
  });
});

describe("ensurePart", () => {
  /** @type {string} */
  let cache;

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), "updraft-cache-"));
  });

  afterEach(() => rm(cache, { recursive: true }));

  const parts = () => readdir(join(cache, "parts"));

  it("builds a part once", async () => {
    let builds = 0;
    const build = async (/** @type {string} */ folder) => {
      builds += 1;
      await writeFile(join(folder, "file"), "content");
    };
    const folders = await Promise.all([
      ensurePart(cache, "tool-1", build, () => {}),
      ensurePart(cache, "tool-1", build, () => {}),
    ]);
    expect(folders).toEqual([partFolder(cache, "tool-1"), partFolder(cache, "tool-1")]);
    expect(builds).toBe(1);
    expect(await parts()).toEqual(["tool-1"]);
  });

  it("leaves nothing of a build that fails, and builds anew", async () => {
    await expect(ensurePart(cache, "tool-1", failing, () => {})).rejects.toThrow("no compiler");
    expect(await parts()).toEqual([]);
    await ensurePart(
      cache,
      "tool-1",
      async () => {},
      () => {},
    );
    expect(await parts()).toEqual(["tool-1"]);
  });

  it("leaves the drafts of other parts alone", async () => {
    await mkdir(join(cache, "parts", "tool-10.draft-x"), { recursive: true });
    await ensurePart(
      cache,
      "tool-1",
      async () => {},
      () => {},
    );
    expect((await parts()).toSorted()).toEqual(["tool-1", "tool-10.draft-x"]);
  });

  it("takes up where a killed process stopped", async () => {
    const program = `
      import { ensurePart } from ${JSON.stringify(new URL("parts.js", import.meta.url).href)};
      import { writeFileSync } from "node:fs";
      await ensurePart(${JSON.stringify(cache)}, "tool-1", async (folder) => {
        writeFileSync(folder + "/half", "");
        console.log("building");
        await new Promise(() => setInterval(() => {}, 1000));
      }, () => {});`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program]);
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await parts()).toEqual([expect.stringMatching(/^tool-1\.draft-/)]);
    const folder = await ensurePart(
      cache,
      "tool-1",
      (draft) => writeFile(join(draft, "whole"), "yes"),
      () => {},
    );
    expect(await readdir(folder)).toEqual(["whole"]);
    expect(await readFile(join(folder, "whole"), "utf8")).toBe("yes");
    expect(await parts()).toEqual(["tool-1"]);
    expect(await readdir(join(cache, "locks"))).toEqual([]);
  });
});
