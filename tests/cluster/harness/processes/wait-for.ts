import { setTimeout as sleep } from "node:timers/promises";
import { ClusterError } from "../report.ts";
import { supervisor } from "./supervisor.ts";

/** What is waited for, and what is to be said if it does not come. */
export interface Wait {
  readonly what: string;
  readonly seconds: number;
  /** The process that brings it: if that ends there is nothing to wait for. */
  readonly daemon?: string;
}

/**
 * Asks until the answer is not `false`, `undefined` or an error.
 * @throws {ClusterError} after the time, or as soon as the daemon has ended, with the end of its log
 */
export async function waitFor<T>(
  { what, seconds, daemon }: Wait,
  ask: () => Promise<T | false | undefined>,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  let reason = "";
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== false && answer !== undefined) return answer;
    } catch (error) {
      reason = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    const ended = daemon !== undefined && !(await supervisor.isRunning(daemon));
    if (ended || performance.now() > deadline) {
      const problem = ended ? `${daemon} has ended` : `it is not there after ${seconds} s${reason}`;
      const log = daemon === undefined ? "" : `\n${await supervisor.lastLines(daemon)}`;
      throw new ClusterError(`Waited for ${what}, but ${problem}${log}`);
    }
    await sleep(100);
  }
}
