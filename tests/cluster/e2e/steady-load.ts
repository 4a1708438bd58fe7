import { setTimeout as sleep } from "node:timers/promises";
import { Agent, fetch } from "undici";

/** What a load has met so far. */
export interface Load {
  readonly sent: () => number;
  /** Ends it, waits for what is on its way, and gives what was not answered with 200. */
  stop(): Promise<LoadResult>;
}

export interface LoadResult {
  readonly answered: number;
  readonly failures: readonly string[];
}

/** Longest time that a load goes on, whatever its owner does, in seconds. */
const longestSeconds = 240;

/**
 * Sends requests at a fixed rate, whatever becomes of the earlier ones: every second one over a
 * connection that is kept, every other one over a new connection.
 * @param url on 127.0.0.1
 * @param body JSON
 */
export function steadyLoad(url: string, body: string, requestsPerSecond: number): Load {
  const kept = new Agent({ connections: 16 });
  const fresh = new Agent({ connections: 64, pipelining: 0 });
  const failures: string[] = [];
  const going = new AbortController();
  let answered = 0;
  let sent = 0;
  const pending = new Set<Promise<void>>();
  const send = async (dispatcher: Agent) => {
    try {
      const response = await fetch(url, { method: "POST", body, dispatcher });
      const text = await response.text();
      if (response.status === 200) answered += 1;
      else failures.push(`${response.status}: ${text.slice(0, 200)}`);
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      failures.push(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
    }
  };
  const started = performance.now();
  const running = (async () => {
    while (!going.signal.aborted && performance.now() - started < longestSeconds * 1000) {
      const due = Math.floor(((performance.now() - started) / 1000) * requestsPerSecond);
      for (; sent < due; sent += 1) {
        const request = send(sent % 2 === 0 ? kept : fresh).finally(() => pending.delete(request));
        pending.add(request);
      }
      await sleep(5);
    }
  })();
  return {
    sent: () => sent,
    async stop() {
      going.abort();
      await running;
      await Promise.all(pending);
      await Promise.all([kept.close(), fresh.close()]);
      return { answered, failures };
    },
  };
}
