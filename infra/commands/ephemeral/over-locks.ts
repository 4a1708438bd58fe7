import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { CommandError } from "../support/run-command.ts";
import { holderInWords, isLeftOver, lockErrorIn, locksIn, unlockHint } from "./stack-lock.ts";

/** How long an update is waited for that holds the stack, and how often it is looked for. */
const waitSeconds = 60;
const pauseMilliseconds = 1_000;

/**
 * Does something with a stack that another update may hold: one that was killed on this machine
 * holds it no longer, and one that runs is waited for.
 * @param say for people: what is waited for
 * @throws {CommandError} if it is held for too long
 */
export async function overLocks(
  stack: Stack,
  action: () => Promise<void>,
  say: (line: string) => void,
): Promise<void> {
  const deadline = performance.now() + waitSeconds * 1000;
  let said = "";
  let leftOver = "";
  for (;;) {
    const locked = await lockOf(action);
    if (locked === undefined) return;
    const locks = locksIn(locked);
    const holder = holderInWords(locks);
    if (performance.now() > deadline) {
      throw new CommandError(
        `${stack.name} is held by ${holder}; try again once that has ended, or, if it is gone, after: ${unlockHint(stack.name)}`,
        { cause: locked },
      );
    }
    const isLeft = locks.length > 0 && locks.every(isLeftOver);
    // One that has ended since may have taken its lock with it: it has to be there once more.
    if (isLeft && leftOver === holder) {
      say(
        `${holder} was killed; its lock is taken off, and ${stack.name} is taken up where it was.`,
      );
      await stack.cancel();
      leftOver = "";
      continue;
    }
    leftOver = isLeft ? holder : "";
    if (!isLeft && said !== holder) {
      say(`${stack.name} is held by ${holder}, which is waited for.`);
      said = holder;
    }
    await sleep(pauseMilliseconds);
  }
}

async function lockOf(action: () => Promise<void>): Promise<Error | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    const locked = lockErrorIn(error);
    if (locked === undefined) throw error;
    return locked;
  }
}
