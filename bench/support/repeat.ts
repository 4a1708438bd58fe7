import { Connection } from "./connection.ts";

/** What was seen while something was done again and again. */
export interface Seen {
  /** How long each took, in milliseconds, in no order. */
  readonly times: readonly number[];
  /** How long all took together, in seconds. */
  readonly seconds: number;
  /** What went wrong, one message for each failure. */
  readonly errors: readonly string[];
}

/** What a client does again and again. */
export interface Repeated {
  act(): Promise<void>;
  /**
   * Called at the end, outside the measured time.
   * @throws if not as many are there as were acknowledged, which counts as an error
   */
  check?(acknowledged: number): Promise<void>;
}

/** Prepares a client; each has a connection of its own. */
export type Task = (connection: Connection, client: number) => Promise<Repeated>;

/**
 * Does something again and again over connections that are kept alive, each one after another,
 * until the time is over. What is under way then is finished and counts.
 */
export async function repeat(
  url: string,
  task: Task,
  { connections, seconds }: { connections: number; seconds: number },
): Promise<Seen> {
  const opened = Array.from({ length: connections }, () => new Connection(url));
  const tasks: Repeated[] = [];
  // One after another: a server that many clients overwhelm should do so while it is measured.
  for (const [client, connection] of opened.entries()) tasks.push(await task(connection, client));
  const errors: string[] = [];
  const started = performance.now();
  const client = async ({ act }: Repeated) => {
    const times: number[] = [];
    while (performance.now() - started < seconds * 1000) {
      const sent = performance.now();
      try {
        await act();
        times.push(performance.now() - sent);
      } catch (error) {
        errors.push(error instanceof Error ? error.message : String(error));
      }
    }
    return times;
  };
  const times = await Promise.all(tasks.map(client));
  const took = (performance.now() - started) / 1000;
  const checks = tasks.map((each, index) => each.check?.(times[index]?.length ?? 0));
  for (const checked of await Promise.allSettled(checks)) {
    if (checked.status === "rejected") errors.push(String(checked.reason));
  }
  await Promise.all(opened.map((connection) => connection.close()));
  return { times: times.flat(), seconds: took, errors };
}

/** Where a sum of measurements begins. */
export const nothingSeen: Seen = { times: [], seconds: 0, errors: [] };

/** Two measurements of the same thing as one. */
export function together(a: Seen, b: Seen): Seen {
  return {
    times: [...a.times, ...b.times],
    seconds: a.seconds + b.seconds,
    errors: [...a.errors, ...b.errors],
  };
}

/** What a share of the times does not exceed, in milliseconds. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}
