import { HttpError } from "@updraft/contracts/http-error";
import type { Network } from "./engine.ts";

export interface MicroBatcherOptions {
  /** Values of one instance in and out. */
  readonly inputLength: number;
  readonly outputLength: number;
  /** How many instances are run at once. @default 64 */
  readonly maxBatchSize?: number;
  /** How many instances may wait. @default 1024 */
  readonly maxQueueSize?: number;
  /** How long a request may wait for its turn; it is dropped then. @default 10 */
  readonly maxWaitSeconds?: number;
  /** Told how many instances are run together, each time. */
  readonly onBatch?: (size: number) => void;
}

interface Waiting {
  /** Instances one after another. */
  readonly values: Float32Array;
  readonly size: number;
  /** When it came, in milliseconds of the process' clock. */
  readonly since: number;
  resolve(answer: Float32Array): void;
  reject(error: unknown): void;
}

/**
 * Runs together what arrives together. A request that finds the engine idle is run at once; what
 * comes while it runs waits and is the next batch, so that nothing ever waits for company. An
 * engine that has a pipeline is busy only when it is full.
 */
export class MicroBatcher {
  readonly #network: Network;
  readonly #options: Required<Omit<MicroBatcherOptions, "onBatch">>;
  readonly #onBatch: ((size: number) => void) | undefined;
  #queue: Waiting[] = [];
  #queuedInstances = 0;
  /** Batches that the engine has now. */
  #underWay = 0;
  #isGathering = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(network: Network, options: MicroBatcherOptions) {
    this.#network = network;
    this.#options = { maxBatchSize: 64, maxQueueSize: 1024, maxWaitSeconds: 10, ...options };
    this.#onBatch = options.onBatch;
  }

  /** How many instances wait for the engine. */
  get queuedInstances(): number {
    return this.#queuedInstances;
  }

  /**
   * @param values instances one after another, flattened
   * @throws {HttpError} 503 if too many instances wait already, or its turn did not come in time
   */
  predict(values: Float32Array, size: number): Promise<Float32Array> {
    const { maxQueueSize } = this.#options;
    if (this.#queuedInstances > 0 && this.#queuedInstances + size > maxQueueSize) {
      throw new HttpError(
        503,
        "OVERLOADED",
        `${this.#queuedInstances} instances are waiting, more than the ${maxQueueSize} that may; try again in a second`,
      );
    }
    const answer = new Promise<Float32Array>((resolve, reject) => {
      this.#queue.push({ values, size, since: performance.now(), resolve, reject });
    });
    this.#queuedInstances += size;
    // Whoever finds the engine idle is next, and needs no clock.
    if (this.#queuedInstances >= this.#batchSize) this.#start();
    else if (this.#isBusy) this.#watchTheOldest();
    else this.#gather();
    return answer;
  }

  #watchTheOldest(): void {
    const [oldest] = this.#queue;
    if (this.#timer || !oldest) return;
    const left = oldest.since + this.#options.maxWaitSeconds * 1000 - performance.now();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#dropLate();
      this.#watchTheOldest();
    }, Math.ceil(left)).unref();
  }

  /** Refuses what has waited too long; the oldest are at the queue's head. */
  #dropLate(): void {
    const { maxWaitSeconds } = this.#options;
    const latest = performance.now() - maxWaitSeconds * 1000;
    const inTime = this.#queue.findIndex(({ since }) => since > latest);
    for (const late of this.#queue.splice(0, inTime < 0 ? this.#queue.length : inTime)) {
      this.#queuedInstances -= late.size;
      late.reject(
        new HttpError(
          503,
          "TIMED_OUT",
          `the request waited longer than ${maxWaitSeconds} s for its turn and was dropped; try again in a second`,
        ),
      );
    }
  }

  /** What arrives in the same turn of the event loop belongs together. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    setImmediate(() => {
      this.#isGathering = false;
      this.#start();
    });
  }

  #start(): void {
    while (this.#queue.length > 0 && !this.#isBusy) void this.#run(this.#nextBatch());
    if (this.#queue.length > 0) {
      this.#watchTheOldest();
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    this.#underWay += 1;
    await this.#runBatch(batch);
    this.#underWay -= 1;
    // An engine that computes in this thread lets no timer run in between.
    this.#dropLate();
    this.#start();
  }

  get #isBusy(): boolean {
    return this.#underWay >= (this.#network.pipeline?.batches ?? 1);
  }

  /** How many instances are enough for a batch; fewer where an engine has nothing to do yet. */
  get #batchSize(): number {
    const { maxBatchSize } = this.#options;
    const { pipeline } = this.#network;
    if (!pipeline) return maxBatchSize;
    return Math.min(maxBatchSize, this.#underWay === 0 ? pipeline.size / 2 : pipeline.size);
  }

  /** Whole requests from the queue's head: one at least, more while they fit. */
  #nextBatch(): Waiting[] {
    const most = this.#batchSize;
    let size = 0;
    let count = 0;
    for (const waiting of this.#queue) {
      if (count > 0 && size + waiting.size > most) break;
      size += waiting.size;
      count += 1;
    }
    this.#queuedInstances -= size;
    return this.#queue.splice(0, count);
  }

  async #runBatch(batch: readonly Waiting[]): Promise<void> {
    const { inputLength, outputLength } = this.#options;
    const size = batch.reduce((sum, waiting) => sum + waiting.size, 0);
    this.#onBatch?.(size);
    try {
      const values = joined(batch, size * inputLength);
      const answers = await this.#network.predict(values, size);
      let offset = 0;
      for (const waiting of batch) {
        const end = offset + waiting.size * outputLength;
        waiting.resolve(answers.subarray(offset, end));
        offset = end;
      }
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  }
}

function joined(batch: readonly Waiting[], length: number): Float32Array {
  const [first] = batch;
  if (batch.length === 1 && first) return first.values;
  const values = new Float32Array(length);
  let offset = 0;
  for (const waiting of batch) {
    values.set(waiting.values, offset);
    offset += waiting.values.length;
  }
  return values;
}
