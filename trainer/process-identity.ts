import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process that can be told from a later one with the same id. */
export interface ProcessIdentity {
  /** In a pod the name of the pod. */
  readonly host: string;
  readonly pid: number;
  /** When it started, in whatever way the system counts; "" where it does not say. */
  readonly startedAt: string;
  /** Within which its id counts; "" where there is only one. A container has one of its own. */
  readonly pidNamespace: string;
}

/** This process. */
export function thisProcess(): ProcessIdentity {
  return {
    host: hostname(),
    pid: process.pid,
    startedAt: startOf(process.pid) ?? "",
    pidNamespace: ownNamespace(),
  };
}

/**
 * Whether a process can be looked for from here: the process ids of another host, or of another
 * container of this one, are those of other processes.
 */
export function isInSight({ host, pidNamespace }: ProcessIdentity): boolean {
  if (host !== hostname()) return false;
  return pidNamespace === "" || pidNamespace === ownNamespace();
}

/** Whether a process has ended; one that is not in sight is taken to be alive. */
export function hasEnded(identity: ProcessIdentity): boolean {
  const { pid, startedAt } = identity;
  if (!isInSight(identity)) return false;
  if (!isAlive(pid)) return true;
  return startedAt !== "" && startOf(pid) !== startedAt;
}

/** Whether there is a process with this id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Clock ticks from the machine's start to the process's, where there is a /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, second and in brackets, may have spaces: count from the bracket that closes it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** `pid:[4026531836]`, where there is a /proc. */
function ownNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
