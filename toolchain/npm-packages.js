import { existsSync, realpathSync, writeFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, Unavailable } from "./errors.js";
import { isAlive, ownerOf, readOwner, withLock } from "./lock.js";
import { run } from "./run.js";
import { findTool } from "./tools.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./progress.js").Step} Step */

/**
 * One package as npm's lock files list it, and what a workspace asks for.
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {string} [resolved]
 * @property {boolean} [link]
 * @property {boolean} [optional]
 * @property {boolean} [devOptional]
 * @property {boolean} [peer]
 */

/** @typedef {{ packages: Record<string, LockedPackage & Record<string, unknown>> }} LockFile */

/**
 * Installs what package-lock.json names, unless it is there already: after `npm ci` or `npm install`
 * by hand nothing is left to do.
 * @param {Context} context
 * @param {Step} step
 */
export async function npmPackages(context, step) {
  const { repository, cache } = context;
  const lock = await readJson(join(repository, "package-lock.json"));
  if (!(await isInstalled(repository, lock))) {
    const id = createHash("sha256").update(realpathSync(repository)).digest("hex").slice(0, 16);
    const record = join(cache, "locks", `npm-${id}.process`);
    await withLock(
      join(cache, "locks", `npm-${id}.lock`),
      async () => {
        await orphanEnds(record, step);
        if (!(await isInstalled(repository, lock))) await install(context, lock, record, step);
        await rm(record, { force: true });
      },
      (owner) => step.update(`waiting for process ${owner.pid}, which is at it`),
    );
  }
  step.done(`${count(lock)} packages, as package-lock.json names them`);
}

/**
 * How npm is run. It needs no Node 24, and under another Node than the one it is installed with it
 * would not find its global settings.
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, ...string[]]} the program and its first arguments
 * @throws {Unavailable} if there is no npm
 */
export function npmCommand(env) {
  // Set by `npm run`; other package managers set it too.
  const running = env["npm_execpath"];
  const isNpm = running !== undefined && basename(running) === "npm-cli.js" && existsSync(running);
  return isNpm ? [process.execPath, running] : [findTool("npm", env)];
}

/**
 * Whether npm's record of what is installed holds what the lock file names: nothing else and, but
 * for packages of other platforms, nothing less.
 * @param {LockFile} lock `package-lock.json`
 * @param {LockFile} installed `node_modules/.package-lock.json`
 */
export function installedAsLocked(lock, installed) {
  const complete = Object.entries(lock.packages).every(([path, locked]) => {
    if (path === "" || samePackage(locked, installed.packages[path])) return true;
    return installed.packages[path] === undefined && Boolean(locked.optional || locked.devOptional);
  });
  return complete && Object.keys(installed.packages).every((path) => path in lock.packages);
}

/** @param {LockedPackage} a @param {LockedPackage | undefined} b */
function samePackage(a, b) {
  if (b === undefined || a.link !== b.link || (a.link && a.resolved !== b.resolved)) return false;
  return a.version === b.version && a.integrity === b.integrity;
}

/**
 * Whether the lock file is of these manifests: a dependency that was added by hand is not in it.
 * @param {LockFile} lock
 * @param {ReadonlyMap<string, Record<string, unknown>>} manifests by folder; "" is the root
 */
export function lockedAsAsked(lock, manifests) {
  const kinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
  return [...manifests].every(([folder, manifest]) =>
    kinds.every((kind) => sameEntries(manifest[kind] ?? {}, lock.packages[folder]?.[kind] ?? {})),
  );
}

/** @param {object} a @param {object} b */
function sameEntries(a, b) {
  const others = new Map(Object.entries(b));
  const entries = Object.entries(a);
  return (
    entries.length === others.size && entries.every(([key, value]) => others.get(key) === value)
  );
}

/** @param {string} repository @param {LockFile} lock */
async function isInstalled(repository, lock) {
  const record = join(repository, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const folders = Object.keys(lock.packages).filter((path) => !path.includes("node_modules"));
  const manifests = await Promise.all(
    folders.map(async (folder) => {
      const manifest = await readJson(join(repository, folder, "package.json"));
      return /** @type {const} */ ([folder, manifest]);
    }),
  );
  return installedAsLocked(lock, await readJson(record)) && lockedAsAsked(lock, new Map(manifests));
}

/**
 * Waits for the npm of a set-up that was killed: it outlives it, and writes to the same folder.
 * @param {string} record of that npm
 * @param {Step} step
 */
async function orphanEnds(record, step) {
  const orphan = await readOwner(record);
  if (orphan === undefined) return;
  while (isAlive(orphan)) {
    step.update(`waiting for process ${orphan.pid}, which an interrupted set-up has left`);
    await sleep(200);
  }
}

/**
 * @param {Context} context
 * @param {LockFile} lock
 * @param {string} record where npm's process is noted
 * @param {Step} step
 */
async function install(context, lock, record, step) {
  let fetched = 0;
  step.update("installing");
  const onStart = (/** @type {number} */ pid) =>
    writeFileSync(record, JSON.stringify(ownerOf(pid)));
  const onLine = (/** @type {string} */ line) => {
    if (!line.startsWith("npm http")) return false;
    if (line.includes(".tgz")) fetched += 1;
    step.update(`${fetched} of ${count(lock)} packages fetched`);
    return true;
  };
  const flags = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=http"];
  try {
    const [npm, ...args] = npmCommand(context.env);
    const place = { name: "npm ci", cwd: context.repository, env: context.env };
    await run(npm, [...args, ...flags], { ...place, onStart, onLine });
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    throw new CommandError(`The npm packages cannot be installed: ${error.message}`);
  }
}

/** @param {LockFile} lock */
function count(lock) {
  return Object.keys(lock.packages).filter((path) => path.includes("node_modules/")).length;
}

/** @param {string} file */
async function readJson(file) {
  return JSON.parse(await readFile(file, "utf8"));
}
