import type { Server, ServerResponse } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What a supervisor tells the service that it runs; a connection comes with its socket. */
export interface ConnectionMessage {
  readonly type: "connection";
  /** Names the connection in the answer. */
  readonly id: number;
}

/**
 * What a supervised service answers once it has a connection. Until then the supervisor keeps it
 * too, and gives it to the next process if this one dies.
 */
export interface TakenMessage {
  readonly type: "taken";
  readonly id: number;
}

/** What a supervised service tells its supervisor: where it can be probed. */
export interface ListeningMessage {
  readonly type: "listening";
  /** Port on 127.0.0.1 that only the supervisor asks. */
  readonly port: number;
}

/** Set to `true` by a supervisor, which owns the public port and hands connections over. */
export const supervisedVariable = "UPDRAFT_SUPERVISED";

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Longest time that requests in progress may take once the service is asked to stop. */
  readonly drainSeconds: number;
}

/** A service that listens. */
export interface Listener {
  readonly port: number;
  /**
   * Stops without dropping a request: every answer now closes its connection, idle connections
   * have their keep-alive time to end, requests in progress have `drainSeconds`.
   */
  drain(): Promise<void>;
  /** Settles when the service has drained, by `drain` or by SIGTERM or SIGINT. */
  readonly closed: Promise<void>;
}

/**
 * Listens on the given port or, under a supervisor, on a private one beside the connections that
 * the supervisor hands over: that is how an update replaces the process without closing the port.
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(server: Server, options: ListenOptions): Promise<Listener> {
  const supervised = process.env[supervisedVariable] === "true" && process.send !== undefined;
  const connections = new Set<Socket>();
  const answers = new Set<ServerResponse>();
  let draining: Promise<void> | undefined;

  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  server.prependListener("request", (_request, answer) => {
    if (draining) answer.shouldKeepAlive = false;
    answers.add(answer);
    answer.once("close", () => answers.delete(answer));
  });

  await listening(server, supervised ? { host: "127.0.0.1", port: 0 } : options);
  const { port } = server.address() as AddressInfo;

  const { promise: closed, resolve: setClosed } = Promise.withResolvers<void>();
  const drain = () => {
    draining ??= drainServer(server, { connections, answers }, options.drainSeconds).then(
      setClosed,
    );
    return draining;
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void drain());
  if (supervised) takeConnections(server, port, drain);
  return { port, drain, closed };
}

function listening(server: Server, address: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address.port, address.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function takeConnections(server: Server, port: number, drain: () => Promise<void>): void {
  process.on("message", (message: Partial<ConnectionMessage>, socket: unknown) => {
    if (message.type !== "connection" || !(socket instanceof Socket)) return;
    server.emit("connection", socket);
    // The supervisor accepted it paused, so that no byte was read before it came here.
    socket.resume();
    const taken: TakenMessage = { type: "taken", id: message.id ?? 0 };
    if (process.connected) process.send?.(taken);
  });
  process.once("disconnect", () => void drain());
  const message: ListeningMessage = { type: "listening", port };
  process.send?.(message);
}

async function drainServer(
  server: Server,
  open: { connections: Set<Socket>; answers: Set<ServerResponse> },
  drainSeconds: number,
): Promise<void> {
  for (const answer of open.answers) answer.shouldKeepAlive = false;
  // An idle connection may carry the client's next request already: let it come and answer it.
  const idleSeconds = server.keepAliveTimeout / 1000 + 1;
  await until(() => open.connections.size === 0, Math.min(idleSeconds, drainSeconds));
  const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
  await until(() => open.answers.size === 0, drainSeconds);
  server.closeAllConnections();
  await stopped;
  if (process.connected) process.disconnect();
}

/** Waits for a condition, at most the given time. */
async function until(condition: () => boolean, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!condition() && Date.now() < deadline) await sleep(20);
}
