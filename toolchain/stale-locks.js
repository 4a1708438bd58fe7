import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { CommandError } from "./errors.js";
import { processStatus } from "./lock.js";

/**
 * Lock of a stack in a file backend. Whoever is killed leaves it behind, and Pulumi takes it for
 * one of a process that works.
 * @typedef {object} StackLock
 * @property {string} file
 * @property {string} stack
 * @property {number} pid
 * @property {string} username
 * @property {string} hostname
 * @property {string} timestamp ISO 8601
 */

/** Of the clocks in which a process and a lock say when they began. */
const toleranceMilliseconds = 2000;

/** Length of a tick in /proc, which Linux shows to programs as the same on every machine. */
const tickMilliseconds = 10;

/**
 * Removes the locks whose process has ended on this machine, and says so.
 * @param {string} backend folder of the file backend
 * @param {(line: string) => void} [tell]
 */
export function removeStaleLocks(backend, tell = console.error) {
  for (const lock of locksIn(backend)) {
    if (isHeld(lock)) continue;
    rmSync(lock.file, { force: true });
    rmSync(`${lock.file}.attrs`, { force: true });
    const since = timeOf(lock);
    tell(
      `Took the lock of process ${lock.pid} off the stack ${lock.stack}: it was killed at its work (begun at ${since}).`,
    );
  }
}

/**
 * @param {string} backend folder of the file backend
 * @param {string} stack
 * @throws {CommandError} if a process that still runs, or may do so, works on the stack
 */
export function refuseWhileLocked(backend, stack) {
  const lock = locksIn(backend).find((one) => one.stack === stack && isHeld(one));
  if (lock === undefined) return;
  const who = `process ${lock.pid} of ${lock.username}`;
  const isHere = lock.hostname === hostname();
  const advice = isHere
    ? `Wait until it has ended, or end it (kill -INT ${lock.pid}), and run this again.`
    : `Wait until it has ended. If that machine is gone: npm run pulumi -- cancel --yes --stack ${stack}`;
  const where = isHere ? "" : ` on ${lock.hostname}`;
  throw new CommandError(
    `The stack ${stack} is being worked on by ${who}${where}, since ${timeOf(lock)}. ${advice}`,
  );
}

/**
 * @param {string} backend
 * @returns {StackLock[]}
 */
function locksIn(backend) {
  const folder = join(backend, ".pulumi", "locks");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const file = join(folder, name);
      const content = contentOf(file);
      const stack = name.split(/[\\/]/).at(-2);
      return content && stack !== undefined ? [{ ...content, file, stack }] : [];
    });
}

/** @param {string} file @returns {Omit<StackLock, "file" | "stack"> | undefined} */
function contentOf(file) {
  try {
    const lock = JSON.parse(readFileSync(file, "utf8"));
    return Number.isInteger(lock.pid) && typeof lock.hostname === "string" ? lock : undefined;
  } catch {
    // It is being written, or has just been taken off.
    return undefined;
  }
}

/**
 * Whether the process of a lock still runs; one on another machine is believed to.
 * @param {StackLock} lock
 */
function isHeld(lock) {
  if (lock.hostname !== hostname()) return true;
  try {
    process.kill(lock.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const began = beginOf(lock.pid);
  if (began === undefined) return true;
  // The id may be that of another process by now, which has begun after the lock was made.
  return began !== "ended" && began <= Date.parse(lock.timestamp) + toleranceMilliseconds;
}

/**
 * When a process began, in milliseconds since 1970.
 * @param {number} pid
 * @returns {number | "ended" | undefined} undefined where the system does not say
 */
function beginOf(pid) {
  const { state, startTime } = processStatus(pid);
  if (state === "Z") return "ended";
  if (startTime === undefined) return undefined;
  const boot = /^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"));
  return Number(boot?.[1]) * 1000 + Number(startTime) * tickMilliseconds;
}

/** @param {StackLock} lock */
function timeOf({ timestamp }) {
  return timestamp.replace(/\.\d+/, "");
}
