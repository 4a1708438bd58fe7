import { setTimeout as sleep } from "node:timers/promises";
import { PublicSocket } from "./public-socket.ts";
import { SupervisedProcess } from "./supervised-process.ts";
import type { ServiceSpec, ServiceStatus } from "./supervisor-protocol.ts";

/** The longest wait before a process that ended on its own is started again. */
const longestDelayMilliseconds = 10_000;

/** A process that lived this long was well: its end starts the delays anew. */
const calmMilliseconds = 30_000;

/**
 * Keeps one service running behind a port that stays open: starts its process again when it
 * ends, and replaces it by another without a request being lost.
 */
export class Supervisor {
  #spec: ServiceSpec;
  #active: SupervisedProcess | undefined;
  #restarts = 0;
  #restartDelayMilliseconds = 0;
  #stopping = false;
  /** Rollouts, one after another. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #draining = new Set<Promise<void>>();
  readonly #socket = new PublicSocket();

  constructor(spec: ServiceSpec) {
    this.#spec = spec;
  }

  /** @throws if the port is taken or the service does not become ready */
  async start(): Promise<void> {
    const { host, port, portKey } = this.#spec;
    try {
      await this.#socket.open(host, port);
    } catch (error) {
      throw new Error(
        `port ${port} on ${host} cannot be used (${error instanceof Error ? error.message : String(error)}); stop what listens there or set ${portKey}`,
        { cause: error },
      );
    }
    await this.#bringUp(this.#spec);
  }

  /**
   * Replaces the process by one from another spec: the new one must be ready before it gets
   * connections, and the old one ends once it has answered what it had.
   * @throws if the new process does not become ready; the old one serves on
   */
  roll(spec: ServiceSpec): Promise<void> {
    const turn = this.#turn.then(() => this.#replace(spec));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  status(): ServiceStatus {
    return {
      pid: process.pid,
      port: this.#spec.port,
      restarts: this.#restarts,
      ...(this.#active?.pid === undefined ? {} : { servicePid: this.#active.pid }),
    };
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#socket.close();
    if (this.#active) this.#drain(this.#active);
    await Promise.all(this.#draining);
  }

  async #replace(spec: ServiceSpec): Promise<void> {
    const old = this.#active;
    await this.#bringUp(spec);
    this.#spec = spec;
    if (old) this.#drain(old);
  }

  async #bringUp(spec: ServiceSpec): Promise<void> {
    const run = new SupervisedProcess(spec, (socket) => this.#socket.hand(socket));
    try {
      await run.ready();
    } catch (error) {
      await run.stop();
      throw error;
    }
    if (this.#stopping) {
      await run.stop();
      return;
    }
    const startedAt = Date.now();
    this.#active = run;
    this.#socket.route(run);
    void run.exited.then((how) => this.#ended(run, how, Date.now() - startedAt));
  }

  #drain(run: SupervisedProcess): void {
    if (this.#active === run) this.#active = undefined;
    const drained = run.stop().finally(() => this.#draining.delete(drained));
    this.#draining.add(drained);
  }

  #ended(run: SupervisedProcess, how: string, livedMilliseconds: number): void {
    if (this.#active !== run || this.#stopping) return;
    log(`${this.#spec.name} ${how}; starting it again`);
    this.#active = undefined;
    if (livedMilliseconds > calmMilliseconds) this.#restartDelayMilliseconds = 0;
    this.#turn = this.#turn.then(() => this.#restart());
  }

  async #restart(): Promise<void> {
    while (!this.#stopping && !this.#active) {
      await sleep(this.#restartDelayMilliseconds);
      this.#restartDelayMilliseconds = nextRestartDelay(this.#restartDelayMilliseconds);
      this.#restarts += 1;
      try {
        await this.#bringUp(this.#spec);
      } catch (error) {
        log(error instanceof Error ? error.message : String(error));
      }
    }
  }
}

/** The delay that follows one, in milliseconds: none, 100, 200 … 10,000. */
export function nextRestartDelay(milliseconds: number): number {
  return Math.min(Math.max(100, milliseconds * 2), longestDelayMilliseconds);
}

function log(message: string): void {
  process.stdout.write(
    `${JSON.stringify({ level: "warn", time: Date.now(), name: "supervisor", msg: message })}\n`,
  );
}
