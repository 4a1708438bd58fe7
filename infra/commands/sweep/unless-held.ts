import { setTimeout as sleep } from "node:timers/promises";
import { isLeftOver, lockErrorIn, locksIn } from "../ephemeral/stack-lock.ts";

/** How long two that begin at the same time may stand in each other's way. */
const newLockMilliseconds = 15_000;

/** Between half a second and two and a half: two that wait for each other do not meet again. */
const anyMoment = () => sleep(500 + Math.random() * 2_000);

/**
 * Tries again after a moment where a lock is new, or its holder has ended since: two sweeps that
 * begin at the same time may each find the other's and both step back, and one of them has to go
 * on; and a lock that was still there a moment ago went with an update that came to its end.
 * @throws what the last attempt has thrown
 */
export async function unlessHeld<T>(
  action: () => Promise<T>,
  { attempts = 3, pause = anyMoment }: { attempts?: number; pause?: () => Promise<void> } = {},
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const isBrief = locksIn(lockErrorIn(error)).some(
      (lock) => isLeftOver(lock) || Date.now() - lock.since.getTime() < newLockMilliseconds,
    );
    if (attempts === 1 || !isBrief) throw error;
    await pause();
    return unlessHeld(action, { attempts: attempts - 1, pause });
  }
}
