import { messageOf } from "@updraft/contracts/message-of";
import type { BatchThread } from "./batch-thread.ts";
import type { Engine, Network, Pipeline } from "./engine.ts";

/**
 * Batches of this size cost hardly more for each instance than larger ones, and the other thread
 * has its first one while this thread still reads the requests that came with it.
 */
const pipeline: Pipeline = { batches: 4, size: 16 };

/**
 * An engine that answers single instances at once, and lets another thread run the batches, so
 * that requests are read and answered meanwhile. That thread starts with the first batch, which is
 * still run here: a server that nobody asks much keeps no second engine in memory.
 * @param onLoss told if the other thread fails; batches are run here again then
 */
export function onTwoThreads(
  engine: Engine,
  thread: BatchThread,
  onLoss: (problem: string) => void,
): Engine {
  return {
    name: engine.name,
    async load(content) {
      const here = await engine.load(content);
      return new TwoThreadedNetwork(here, () => thread.load(content), onLoss);
    },
  };
}

class TwoThreadedNetwork implements Network {
  readonly #here: Network;
  readonly #loadThere: () => Promise<Network>;
  readonly #onLoss: (problem: string) => void;
  #there: Network | undefined;
  #isAskedFor = false;
  #isDisposed = false;

  constructor(here: Network, loadThere: () => Promise<Network>, onLoss: (problem: string) => void) {
    this.#here = here;
    this.#loadThere = loadThere;
    this.#onLoss = onLoss;
  }

  get pipeline(): Pipeline | undefined {
    return this.#there && pipeline;
  }

  predict(batch: Float32Array, size: number): Promise<Float32Array> {
    if (size > 1 && !this.#isAskedFor) void this.#load();
    // To send a single one there and back takes a good part of what it takes to answer it.
    if (size === 1 || !this.#there) return this.#here.predict(batch, size);
    return this.#there.predict(batch, size).catch((error: unknown) => {
      // Of several batches under way, the first one that fails has said so.
      if (this.#there) this.#lose(error);
      return this.#here.predict(batch, size);
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#here.dispose();
    this.#there?.dispose();
  }

  async #load(): Promise<void> {
    this.#isAskedFor = true;
    try {
      const there = await this.#loadThere();
      if (this.#isDisposed) there.dispose();
      else this.#there = there;
    } catch (error) {
      this.#lose(error);
    }
  }

  #lose(error: unknown): void {
    this.#there?.dispose();
    this.#there = undefined;
    this.#onLoss(messageOf(error));
  }
}
