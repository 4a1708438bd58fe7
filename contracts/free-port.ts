import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below those that systems give to outgoing connections: they would take one before its user does. */
const range = { from: 15_000, to: 30_000 };

/** What was given before, and may not be listened on yet. */
const given = new Set<number>();

/**
 * A port of 127.0.0.1 that nobody listens on, for a test or a benchmark; another one with each
 * call.
 */
export async function freePort(): Promise<number> {
  const port = randomInt(range.from, range.to);
  if (given.has(port) || !(await isFree(port))) return freePort();
  given.add(port);
  return port;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
