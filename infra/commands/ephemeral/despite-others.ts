import { setTimeout as sleep } from "node:timers/promises";
import {
  CommandError as PulumiError,
  StackNotFoundError,
} from "@pulumi/pulumi/automation/index.js";
import { isLeftOver, lockErrorIn, locksIn } from "./stack-lock.ts";

/** How long two that begin at the same time may stand in each other's way. */
const newLockMilliseconds = 15_000;

/** Between half a second and two and a half: two that wait for each other do not meet again. */
const anyMoment = () => sleep(500 + Math.random() * 2_000);

/** Whether trying again may help. */
type IsWorthIt = (error: unknown) => boolean;

/**
 * Tries again after a moment what somebody else who is at the same stack may have spoilt.
 * @throws what the last attempt has thrown, or the first one that is not worth another
 */
export async function despiteOthers<T>(
  action: () => Promise<T>,
  isWorthIt: IsWorthIt,
  { attempts = 5, pause = anyMoment }: { attempts?: number; pause?: () => Promise<void> } = {},
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (attempts === 1 || !isWorthIt(error)) throw error;
    await pause();
    return despiteOthers(action, isWorthIt, { attempts: attempts - 1, pause });
  }
}

/**
 * Whether Pulumi itself has stumbled, and not over a lock. It reads what another command is just
 * writing, and panics where a stack goes that it is destroying; it does not tell such things from
 * others that went wrong.
 */
export const hasStumbled: IsWorthIt = (error) =>
  !isNotFound(error) && lockErrorIn(error) === undefined && isOrIsCausedBy(PulumiError, error);

/**
 * Whether a lock goes by itself: a new one, since two sweeps that begin at the same time may each
 * find the other's and both step back, where one of them has to go on; and one whose holder has
 * ended, since it may have been at its end.
 */
export const isBrieflyHeld: IsWorthIt = (error) =>
  locksIn(lockErrorIn(error)).some(
    (lock) => isLeftOver(lock) || Date.now() - lock.since.getTime() < newLockMilliseconds,
  );

/** Whether there is no such stack, or no longer. */
export function isNotFound(error: unknown): boolean {
  return isOrIsCausedBy(StackNotFoundError, error);
}

function isOrIsCausedBy(kind: new (...args: never[]) => Error, error: unknown): boolean {
  if (error instanceof kind) return true;
  return error instanceof Error && isOrIsCausedBy(kind, error.cause);
}
