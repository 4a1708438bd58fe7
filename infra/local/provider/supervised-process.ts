import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  supervisedVariable,
  type ConnectionMessage,
  type ListeningMessage,
  type TakenMessage,
} from "@updraft/contracts/listen";
import { childEnvironment } from "./child-environment.ts";
import type { ConnectionTarget } from "./public-socket.ts";
import type { ServiceSpec } from "./supervisor-protocol.ts";

/** How often a starting service is asked whether it is ready. */
const probeMilliseconds = 50;

/** One run of a service's process, from its start to its end. */
export class SupervisedProcess implements ConnectionTarget {
  readonly spec: ServiceSpec;
  /** Settles with the way it ended, in words. */
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;
  /** Connections that were handed over and that the process has not confirmed. */
  readonly #handedOver = new Map<number, Socket>();
  #lastConnectionId = 0;
  #over = false;

  /** @param giveBack takes the connections that the process did not confirm before its end */
  constructor(spec: ServiceSpec, giveBack: (socket: Socket) => void) {
    this.spec = spec;
    this.#child = fork(spec.entry, spec.args, {
      cwd: spec.cwd,
      env: childEnvironment({
        ...spec.env,
        DRAIN_SECONDS: String(spec.drainSeconds),
        [supervisedVariable]: "true",
      }),
      execArgv: [],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.exited = once(this.#child, "exit").then(
      ([code, signal]: unknown[]) =>
        typeof signal === "string" ? `was killed by ${signal}` : `ended with code ${String(code)}`,
      (error: unknown) => `could not be started: ${String(error)}`,
    );
    // Writing to a process that has just ended is no error of ours: its end is handled.
    this.#child.on("error", () => undefined);
    this.#child.on("message", (message: Partial<TakenMessage>) => {
      if (message.type === "taken") this.#confirmed(message.id ?? 0);
    });
    this.#child.once("exit", () => {
      this.#over = true;
      for (const socket of this.#handedOver.values()) giveBack(socket);
      this.#handedOver.clear();
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Waits until the service says that it can do its work.
   * @throws if it ends before, or is not ready in time
   */
  async ready(): Promise<void> {
    const { readyTimeoutSeconds, name, healthPath } = this.spec;
    const giveUp = new AbortController();
    const tooLate = sleep(readyTimeoutSeconds * 1000, undefined, { signal: giveUp.signal }).then(
      () => {
        throw new Error(
          `${name} did not answer ${healthPath} with 200 within ${readyTimeoutSeconds} seconds`,
        );
      },
      () => undefined,
    );
    const ended = this.exited.then((how) => {
      throw new Error(`${name} ${how} before it was ready`);
    });
    try {
      await Promise.race([this.#answers(giveUp.signal), ended, tooLate]);
    } finally {
      giveUp.abort();
      ended.catch(() => undefined);
    }
  }

  take(socket: Socket): boolean {
    if (this.#over || !this.#child.connected) return false;
    this.#lastConnectionId += 1;
    const message: ConnectionMessage = { type: "connection", id: this.#lastConnectionId };
    this.#handedOver.set(message.id, socket);
    this.#child.send(message, socket, { keepOpen: true }, () => undefined);
    return true;
  }

  /** Asks the process to finish what it does and waits for its end; kills it if that takes long. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    const killer = setTimeout(
      () => this.#child.kill("SIGKILL"),
      (this.spec.drainSeconds * 2 + 5) * 1000,
    );
    await this.exited;
    clearTimeout(killer);
  }

  #confirmed(id: number): void {
    // Closes our copy only: the process has its own.
    this.#handedOver.get(id)?.destroy();
    this.#handedOver.delete(id);
  }

  async #answers(signal: AbortSignal): Promise<void> {
    const port = await this.#listeningPort(signal);
    const url = `http://127.0.0.1:${port}${this.spec.healthPath}`;
    while (!signal.aborted) {
      const ok = await fetch(url, { signal, headers: { connection: "close" } }).then(
        (answer) => answer.body?.cancel().then(() => answer.ok) ?? answer.ok,
        () => false,
      );
      if (ok) return;
      await sleep(probeMilliseconds);
    }
  }

  async #listeningPort(signal: AbortSignal): Promise<number> {
    for (;;) {
      const [message] = (await once(this.#child, "message", { signal })) as [
        Partial<ListeningMessage>,
      ];
      if (message.type === "listening" && message.port !== undefined) return message.port;
    }
  }
}
