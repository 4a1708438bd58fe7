import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Who holds a lock. The start time tells a process from a later one with the same id.
 * @typedef {{ token: string, host: string, pid: number, startTime?: string }} Owner
 */

const pollMilliseconds = 200;

/**
 * Does something while no other process does anything under the same lock. A lock whose process
 * is dead is taken over.
 * @template T
 * @param {string} file of the lock
 * @param {() => Promise<T>} action
 * @param {(owner: Owner) => void} [onWait] told once about each other owner that is waited for
 * @returns {Promise<T>}
 */
export async function withLock(file, action, onWait = () => {}) {
  await acquire(file, onWait);
  try {
    return await action();
  } finally {
    await remove(file);
  }
}

/** @param {string} file @param {(owner: Owner) => void} onWait */
async function acquire(file, onWait) {
  await mkdir(dirname(file), { recursive: true });
  let waitedFor = "";
  while (!(await tryAcquire(file))) {
    const owner = await readOwner(file);
    if (!owner) continue;
    if (!isAlive(owner)) {
      await takeOver(file, owner);
      continue;
    }
    if (owner.token !== waitedFor) onWait(owner);
    waitedFor = owner.token;
    await sleep(pollMilliseconds);
  }
}

/**
 * The lock appears with its whole content or not at all: linking a written file is atomic.
 * @param {string} file
 */
async function tryAcquire(file) {
  const owner = ownerOf(process.pid);
  const draft = `${file}.${owner.token}`;
  await writeFile(draft, JSON.stringify(owner));
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await remove(draft);
  }
}

/**
 * Removes the lock of a dead owner. Others may be about to do the same, and one of them may
 * already hold the lock anew: so the removal has a lock of its own, named after the dead owner.
 * @param {string} file
 * @param {Owner} dead
 */
async function takeOver(file, dead) {
  await withLock(`${file}.${dead.token}.dead`, async () => {
    const owner = await readOwner(file);
    if (owner?.token === dead.token) await remove(file);
  });
}

/**
 * A process of this machine as the owner of something.
 * @param {number} pid
 * @returns {Owner}
 */
export function ownerOf(pid) {
  const { startTime } = processStatus(pid);
  return { token: randomUUID(), host: hostname(), pid, startTime };
}

/** @param {string} file @returns {Promise<Owner | undefined>} undefined if nobody holds it */
export async function readOwner(file) {
  let text;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch {
    // Only a machine that lost power leaves such a file.
    return { token: "damaged", host: hostname(), pid: 0 };
  }
}

/**
 * Whether the owner still runs; one on another machine is believed to.
 * @param {Owner} owner
 */
export function isAlive(owner) {
  if (owner.host !== hostname()) return true;
  if (owner.pid < 1) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return isCode(error, "EPERM");
  }
  const { state, startTime } = processStatus(owner.pid);
  return state !== "Z" && startTime === owner.startTime;
}

/**
 * State of a process (`Z`: it has ended) and when it started, in ticks since the machine did;
 * empty where the system does not say.
 * @param {number} pid
 * @returns {{ state?: string, startTime?: string }}
 */
export function processStatus(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in brackets, may hold spaces; the fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0], startTime: fields[19] };
  } catch {
    return {};
  }
}

/** @param {string} file */
async function remove(file) {
  try {
    await unlink(file);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}

/** @param {unknown} error @param {string} code */
function isCode(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}
