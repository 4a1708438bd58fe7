import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** What was given before: the system may name the same port again as soon as it is closed. */
const given = new Set<number>();

/**
 * A port of 127.0.0.1 that nobody listens on, for a test or a benchmark; another one with each
 * call.
 */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  if (given.has(port)) return freePort();
  given.add(port);
  return port;
}
