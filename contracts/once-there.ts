import { setTimeout as sleep } from "node:timers/promises";

/** How long something is waited for that is away at the start. */
export interface WaitOptions {
  /** How long it may stay away; 0 tries once. */
  readonly seconds: number;
  /** Whether an error says that it is away and may come; any other is thrown at once. */
  isAway(error: unknown): boolean;
  /** Told before each further attempt, with the time that is left. */
  onAway(error: unknown, secondsLeft: number): void;
  /** Gives up at once. */
  readonly signal?: AbortSignal;
}

/** The first pause in milliseconds; each is twice the one before, up to the longest. */
const firstPauseMs = 250;
const longestPauseMs = 4_000;

/**
 * Tries until what is needed is there: services that are started together, or after a failure, come
 * up in any order, and who ends at once is started again ever later.
 * @throws the last error once the time is over, and what the signal says
 */
export async function onceThere<T>(attempt: () => Promise<T>, options: WaitOptions): Promise<T> {
  const { seconds, isAway, onAway, signal } = options;
  const deadline = performance.now() + seconds * 1000;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await attempt();
    } catch (error) {
      const leftMs = deadline - performance.now();
      signal?.throwIfAborted();
      if (leftMs <= 0 || !isAway(error)) throw error;
      onAway(error, Math.ceil(leftMs / 1000));
      // The last attempt comes when the time is over.
      await sleep(Math.min(pauseMs, Math.ceil(leftMs) + 1), undefined, { signal });
    }
  }
}
