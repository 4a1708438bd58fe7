import type { Server, ServerResponse } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { endOnSignal } from "./end-on-signal.ts";

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
  /**
   * How long the port stays open once the service is asked to stop, whoever is connected: a
   * cluster's network needs a moment before it sends nothing more. Under a supervisor, which owns
   * the port, none is needed.
   * @default 0
   */
  readonly lameDuckSeconds?: number;
  /** Told once, when the service is asked to stop: it is not ready from then on. */
  onDrain?(): void;
}

/** A service that listens. */
export interface Listener {
  readonly port: number;
  /**
   * Stops without dropping a request: every answer now closes its connection, new connections are
   * taken for `lameDuckSeconds`, idle ones have their keep-alive time to end, requests in progress
   * have `drainSeconds`.
   */
  drain(): Promise<void>;
  /**
   * Settles when the service has drained: by `drain`, by SIGTERM or SIGINT (a second one ends the
   * process at once), or because its supervisor is gone.
   */
  readonly closed: Promise<void>;
}

/** What is open at a server, handed over or accepted by itself. */
interface Open {
  readonly connections: Set<Socket>;
  readonly answers: Set<ServerResponse>;
}

/**
 * Listens on the given port or, under a supervisor, on a private one beside the connections that
 * the supervisor hands over: that is how an update replaces the process without closing the port.
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(server: Server, options: ListenOptions): Promise<Listener> {
  const supervised = process.env[supervisedVariable] === "true" && process.send !== undefined;
  const open: Open = { connections: new Set(), answers: new Set() };
  let draining: Promise<void> | undefined;

  server.on("connection", (socket: Socket) => {
    open.connections.add(socket);
    socket.once("close", () => open.connections.delete(socket));
  });
  server.prependListener("request", (_request, answer) => {
    if (draining) answer.shouldKeepAlive = false;
    open.answers.add(answer);
    answer.once("close", () => open.answers.delete(answer));
  });

  await listening(server, supervised ? { host: "127.0.0.1", port: 0 } : options);
  const { port } = server.address() as AddressInfo;

  const { promise: closed, resolve: setClosed } = Promise.withResolvers<void>();
  const releases: (() => void)[] = [];
  const stop = async () => {
    options.onDrain?.();
    await drainServer(server, open, supervised ? { ...options, lameDuckSeconds: 0 } : options);
    // A process may have several listeners, one after another: nothing of this one stays.
    for (const release of releases) release();
    setClosed();
  };
  const drain = () => (draining ??= stop());
  releases.push(onSignals(() => void drain()));
  if (supervised) releases.push(takeConnections(server, port, () => void drain()));
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

/** Returns what takes the listeners off again. */
function onSignals(stop: () => void): () => void {
  const signals = ["SIGTERM", "SIGINT"] as const;
  const release = () => {
    for (const signal of signals) process.off(signal, first);
  };
  const first = () => {
    release();
    endOnSignal();
    stop();
  };
  for (const signal of signals) process.on(signal, first);
  return release;
}

/** Returns what ends it, and the channel to the supervisor with it. */
function takeConnections(server: Server, port: number, stop: () => void): () => void {
  const take = (message: Partial<ConnectionMessage>, socket: unknown) => {
    if (message.type !== "connection" || !(socket instanceof Socket)) return;
    if (!server.listening) {
      // Too late to answer: closes our copy only, the supervisor gives its own to another process.
      socket.destroy();
      return;
    }
    // What the server does for the connections that it accepts itself.
    socket.setNoDelay(true);
    server.emit("connection", socket);
    // The supervisor accepted it paused, so that no byte was read before it came here.
    socket.resume();
    tellSupervisor({ type: "taken", id: message.id ?? 0 });
  };
  process.on("message", take);
  process.once("disconnect", stop);
  tellSupervisor({ type: "listening", port });
  // It may have gone while we were starting, and nobody says so a second time.
  if (!process.connected) stop();
  return () => {
    process.off("message", take);
    process.off("disconnect", stop);
    if (process.connected) process.disconnect();
  };
}

function tellSupervisor(message: ListeningMessage | TakenMessage): void {
  // A supervisor that is gone is no error here: "disconnect" says so.
  process.send?.(message, undefined, {}, () => undefined);
}

async function drainServer(
  server: Server,
  open: Open,
  { drainSeconds, lameDuckSeconds = 0 }: ListenOptions,
): Promise<void> {
  for (const answer of open.answers) answer.shouldKeepAlive = false;
  await sleep(lameDuckSeconds * 1000);
  // An idle connection may carry the client's next request already: let it come and answer it.
  const idleSeconds = server.keepAliveTimeout / 1000 + 1;
  await until(() => open.connections.size === 0, Math.min(idleSeconds, drainSeconds));
  const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
  await until(() => open.answers.size === 0, drainSeconds);
  // Those that were handed over are not on the server's own list before their first request.
  for (const socket of open.connections) socket.destroy();
  await stopped;
}

/** Waits for a condition, at most the given time. */
async function until(condition: () => boolean, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!condition() && Date.now() < deadline) await sleep(20);
}
