import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "@updraft/contracts/cache-folder";

const run = promisify(execFile);

/** Where the peers' programs and lists of packages are. */
export const peersFolder = join(import.meta.dirname, "../peers");

/**
 * Folder of the programs (`python`, …) of a virtual environment with pinned packages, made once
 * in the cache folder.
 * @param requirements file in `peers/` that lists the packages
 * @returns nothing, after saying why, where there is no Python or its packages cannot be had
 */
export async function virtualEnvironment(requirements: string): Promise<string | undefined> {
  try {
    return await madeOnce(join(peersFolder, requirements));
  } catch (error) {
    console.log(`no peer: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
    return undefined;
  }
}

async function madeOnce(requirements: string): Promise<string> {
  const key = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const folder = join(cacheFolder(process.env), "venvs", `bench-${key}`);
  const done = join(folder, "complete");
  if (!existsSync(done)) {
    console.log("installing the peer's packages …");
    await rm(folder, { recursive: true, force: true });
    // A virtual environment cannot be moved, so it is marked when it is whole.
    await run("python3", ["-m", "venv", folder], { timeout: 120_000 });
    await run(join(folder, "bin/pip"), ["install", "--quiet", "-r", requirements], {
      timeout: 600_000,
    });
    const mark = `${done}.${randomUUID()}`;
    await mkdir(mark);
    await rename(mark, done);
  }
  return join(folder, "bin");
}
