import { setTimeout as sleep } from "node:timers/promises";
import { classify } from "./digits.ts";

/** What a stream of requests has seen. */
export interface Stream {
  readonly answered: () => number;
  /** Ends the stream and returns the errors. */
  stop(): Promise<unknown[]>;
}

/** Asks for predictions, one after another with each of four clients, until it is stopped. */
export function steadyStream(predictUrl: string, pixels: readonly number[]): Stream {
  const errors: unknown[] = [];
  const going = new AbortController();
  let answered = 0;
  const client = async () => {
    while (!going.signal.aborted) {
      await classify(predictUrl, [{ pixels }]).then(
        () => (answered += 1),
        (error: unknown) => errors.push(error),
      );
      await sleep(5);
    }
  };
  const clients = [client(), client(), client(), client()];
  return {
    answered: () => answered,
    async stop() {
      going.abort();
      await Promise.all(clients);
      return errors;
    },
  };
}
