import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { withLock } from "./lock.js";

/**
 * The folder that built and fetched parts are kept in, for all clones of this user.
 * @param {NodeJS.ProcessEnv} env
 */
export function cacheFolder(env) {
  if (env["UPDRAFT_CACHE"]) return resolve(env["UPDRAFT_CACHE"]);
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "updraft");
}

/**
 * Where a part lies, whether or not it is there yet.
 * @param {string} cache
 * @param {string} key name, version and platform
 */
export function partFolder(cache, key) {
  return join(cache, "parts", key);
}

/**
 * The folder of a part, built now if it is not there. It appears whole or not at all: it is built
 * under a temporary name and renamed; what an interrupted build left is removed. Of several
 * processes one builds and the others wait for it.
 * @param {string} cache
 * @param {string} key
 * @param {(folder: string) => Promise<void>} build fills an empty folder
 * @param {(text: string) => void} onProgress
 * @returns {Promise<string>}
 */
export async function ensurePart(cache, key, build, onProgress) {
  const folder = partFolder(cache, key);
  if (existsSync(folder)) return folder;
  await withLock(
    join(cache, "locks", `${key}.lock`),
    async () => {
      if (existsSync(folder)) return;
      await removeLeftovers(folder);
      const draft = await mkdtemp(`${folder}.draft-`);
      try {
        await build(draft);
      } catch (error) {
        await removeLeftovers(folder);
        throw error;
      }
      await rename(draft, folder);
    },
    (owner) => onProgress(`waiting for process ${owner.pid}, which is at it`),
  );
  return folder;
}

/**
 * Whoever holds the lock is the only one who builds, so that every draft is a dead one's.
 * @param {string} folder
 */
async function removeLeftovers(folder) {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  const drafts = (await readdir(parent)).filter((name) =>
    name.startsWith(`${basename(folder)}.draft-`),
  );
  for (const draft of drafts) {
    // The children of a killed process may still write into its draft for a moment.
    await rm(join(parent, draft), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
