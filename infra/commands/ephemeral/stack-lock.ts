import { hostname } from "node:os";
import { ConcurrentUpdateError } from "@pulumi/pulumi/automation/index.js";
import { messageOf } from "@updraft/contracts/message-of";

/** Who holds the lock of a stack in a backend of files. */
export interface StackLock {
  /** `user@host`. */
  readonly holder: string;
  readonly host: string;
  readonly pid: number;
  readonly since: Date;
}

/** Longer than any update takes. */
const longestUpdateMilliseconds = 2 * 3_600_000;

/** How Pulumi says that another update holds a stack: in a backend of files, and in its service. */
const heldTexts = ["the stack is currently locked by", "Another update is currently in progress"];

/** The error of a stack that another update holds, also where it is the cause of another one. */
export function lockErrorIn(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const isHeld = heldTexts.some((text) => error.message.includes(text));
  return error instanceof ConcurrentUpdateError || isHeld ? error : lockErrorIn(error.cause);
}

/**
 * The locks that Pulumi names: those of a backend of files, which outlive whoever was killed. A
 * service's own lock has no holder, and ends by itself.
 */
export function locksIn(error: unknown): StackLock[] {
  const line = /created by (\S+@(\S+)) \(pid (\d+)\) at (\S+?Z)/g;
  const found = [...messageOf(error).matchAll(line)].map(
    ([, holder = "", host = "", pid, since = ""]) => {
      return { holder, host, pid: Number(pid), since: new Date(since) };
    },
  );
  // Pulumi says everything twice: on its output, and with its error.
  return found.filter(({ pid }, index) => found.findIndex((lock) => lock.pid === pid) === index);
}

/** Whether what holds the lock has ended: only this machine's processes are known to have. */
export function isLeftOver(lock: StackLock): boolean {
  if (lock.host !== hostname()) return false;
  try {
    process.kill(lock.pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

/** Whether a person should look who holds it. */
export function needsLooking(lock: StackLock, now: Date): boolean {
  return isLeftOver(lock) || now.getTime() - lock.since.getTime() > longestUpdateMilliseconds;
}

/** What is known of whoever holds a stack. */
export function holderInWords([lock]: readonly StackLock[]): string {
  if (lock === undefined) return "another update";
  const since = lock.since.toISOString().replace(/\.\d+Z$/, "Z");
  return `an update of ${lock.holder} (process ${lock.pid}, since ${since})`;
}

/** How a lock is taken off whose holder is gone. */
export function unlockHint(stack: string): string {
  return `npm run pulumi -- cancel --yes --stack ${stack}`;
}
