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

/** How many failures end it: what is gone would otherwise be asked as fast as the machine can. */
const mostFailures = 1000;

/**
 * Sends requests at a fixed rate, whatever becomes of the earlier ones: every second one over a
 * connection that is kept, every other one over a new connection.
 * @param url on 127.0.0.1
 * @param body JSON
 */
export function steadyLoad(url: string, body: string, requestsPerSecond: number): Load {
  const pending = new Set<Promise<void>>();
  return load(url, body, async (send, going) => {
    const started = performance.now();
    for (let sent = 0; going(); await sleep(5)) {
      const due = Math.floor(((performance.now() - started) / 1000) * requestsPerSecond);
      for (; sent < due; sent += 1) {
        const request = send(sent % 2 === 0).finally(() => pending.delete(request));
        pending.add(request);
      }
    }
    await Promise.all(pending);
  });
}

/**
 * Keeps a service busy without asking for more than it can do: each client sends its next request
 * when the last one is answered, every second one over a new connection.
 * @param url on 127.0.0.1
 * @param body JSON
 */
export function busyLoad(url: string, body: string, clients: number): Load {
  return load(url, body, async (send, going) => {
    const client = async () => {
      for (let sent = 0; going(); sent += 1) await send(sent % 2 === 0);
    };
    await Promise.all(Array.from({ length: clients }, client));
  });
}

/** @param send sends one request, over a connection that is kept or over a new one */
function load(
  url: string,
  body: string,
  run: (send: (kept: boolean) => Promise<void>, going: () => boolean) => Promise<void>,
): Load {
  const kept = new Agent({ connections: 16 });
  const fresh = new Agent({ connections: 64, pipelining: 0 });
  const failures: string[] = [];
  const started = performance.now();
  let stopped = false;
  let answered = 0;
  let sent = 0;
  const send = async (overKept: boolean) => {
    sent += 1;
    try {
      const response = await fetch(url, {
        method: "POST",
        body,
        dispatcher: overKept ? kept : fresh,
      });
      const text = await response.text();
      if (response.status === 200) answered += 1;
      else failures.push(`${response.status}: ${text.slice(0, 200)}`);
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      failures.push(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
    }
  };
  const going = () =>
    !stopped &&
    failures.length < mostFailures &&
    performance.now() - started < longestSeconds * 1000;
  const running = run(send, going);
  return {
    sent: () => sent,
    async stop() {
      stopped = true;
      await running;
      await Promise.all([kept.close(), fresh.close()]);
      return { answered, failures };
    },
  };
}
