import { createServer, type Server, type Socket } from "node:net";

/** Takes the connections that come in. */
export interface ConnectionTarget {
  /** Returns whether it took the connection. */
  take(socket: Socket): boolean;
}

/** How many connections wait while no process can take them. */
const queueLimit = 1024;

/**
 * The port that clients know. It stays open whatever happens to the process behind it: while
 * there is none, connections wait.
 */
export class PublicSocket {
  readonly #server: Server;
  #target: ConnectionTarget | undefined;
  #waiting: Socket[] = [];

  constructor() {
    // Paused, so that the process that gets the connection reads its first byte.
    this.#server = createServer({ pauseOnConnect: true }, (socket) => this.hand(socket));
  }

  /** @throws the error of listen, such as EADDRINUSE */
  open(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host, port, exclusive: true }, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
  }

  /** Sends connections to a target from now on, the waiting ones first; to none: they wait. */
  route(target: ConnectionTarget | undefined): void {
    this.#target = target;
    if (!target) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const socket of waiting) this.hand(socket);
  }

  /** Closes the port at once; connections that processes have are theirs. */
  close(): void {
    for (const socket of this.#waiting) socket.destroy();
    this.#waiting = [];
    this.#server.close();
  }

  /** Gives a connection to the target, or lets it wait for one. */
  hand(socket: Socket): void {
    if (this.#target?.take(socket)) return;
    if (this.#waiting.length >= queueLimit) {
      socket.destroy();
      return;
    }
    socket.once("error", () => socket.destroy());
    this.#waiting.push(socket);
  }
}
