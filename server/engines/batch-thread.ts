import { Worker } from "node:worker_threads";
import { messageOf } from "@updraft/contracts/message-of";
import type { LoadedPackage } from "@updraft/contracts/model-package";
import type { Network } from "./engine.ts";

/** What the thread is asked for; `network` is a number that this thread has given it. */
export type Task =
  | { readonly do: "load"; readonly call: number; readonly network: number; content: LoadedPackage }
  | {
      readonly do: "predict";
      readonly call: number;
      readonly network: number;
      readonly batch: Float32Array;
      readonly size: number;
    }
  | { readonly do: "dispose"; readonly network: number };

/** What comes back: the answers to a batch, nothing of a network that is loaded, or a problem. */
export interface Reply {
  readonly call: number;
  readonly answers?: Float32Array;
  readonly problem?: string;
}

interface Call {
  resolve(answers: Float32Array | undefined): void;
  reject(error: Error): void;
}

/** A thread with an engine of its own, which starts with the first network that is loaded there. */
export class BatchThread {
  readonly #calls = new Map<number, Call>();
  #worker: Worker | undefined;
  #lastNumber = 0;

  /**
   * Loads a network there.
   * @returns once it can answer; whatever it is asked is rejected if the thread ends
   */
  async load(content: LoadedPackage): Promise<Network> {
    const network = this.#nextNumber();
    await this.#ask((call) => ({ do: "load", call, network, content }));
    return {
      predict: async (batch, size) => {
        const answers = await this.#ask((call) => ({ do: "predict", call, network, batch, size }));
        return answers ?? new Float32Array();
      },
      dispose: () => this.#worker?.postMessage({ do: "dispose", network } satisfies Task),
    };
  }

  /** Ends it; a network that is loaded later starts another one. */
  async end(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ask(taskOf: (call: number) => Task): Promise<Float32Array | undefined> {
    const worker = (this.#worker ??= this.#start());
    const call = this.#nextNumber();
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
      worker.postMessage(taskOf(call));
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL("./batch-worker.ts", import.meta.url));
    worker.on("message", ({ call, answers, problem }: Reply) => {
      const asked = this.#calls.get(call);
      this.#calls.delete(call);
      if (problem === undefined) asked?.resolve(answers);
      else asked?.reject(new Error(problem));
    });
    // Without a listener, its error would be one of the whole process.
    let reason = "it was ended";
    worker.on("error", (error) => void (reason = messageOf(error)));
    worker.on("exit", () => {
      this.#worker = undefined;
      for (const { reject } of this.#calls.values()) {
        reject(new Error(`the thread that runs batches has ended: ${reason}`));
      }
      this.#calls.clear();
    });
    worker.unref();
    return worker;
  }

  #nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }
}
