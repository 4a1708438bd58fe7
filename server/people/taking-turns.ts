import { HttpError } from "@updraft/contracts/http-error";

/** Runs a task when it is its turn. */
export type InTurn = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * Runs one task after another, so that their memory never adds up.
 * @param maxWaiting how many tasks may wait for the one that runs
 * @returns what throws {HttpError} 503 if too many wait already
 */
export function takingTurns(maxWaiting: number): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  let unfinished = 0;
  return async (task) => {
    if (unfinished > maxWaiting) {
      throw new HttpError(
        503,
        "OVERLOADED",
        `${maxWaiting} images are waiting, as many as may; try again in a second`,
      );
    }
    unfinished += 1;
    const turn = last.then(task);
    last = turn.catch(() => undefined);
    return turn.finally(() => (unfinished -= 1));
  };
}
