/** What goes into one `log-batch` call, and the files and datasets that are sent before it. */
export interface LogBatch {
  readonly metrics: readonly LoggedMetric[];
  readonly params: readonly LoggedText[];
  readonly tags: readonly LoggedText[];
  readonly datasets: readonly object[];
  readonly files: readonly LoggedFile[];
}

export interface LoggedMetric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

export interface LoggedText {
  readonly key: string;
  readonly value: string;
}

/** An artifact of a run. */
export interface LoggedFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

export interface OutboxOptions {
  /** Sends one batch, itself trying again for a while; repeating it must do no harm. */
  readonly send: (batch: LogBatch) => Promise<void>;
  /** Tells failures after which the same batch is sent again. */
  readonly isTemporary: (error: unknown) => boolean;
}

/** Most entries of a kind that MLflow takes in one call. */
const limits = { metrics: 1000, params: 100, tags: 100, datasets: 100, files: 10 };

const nothing: LogBatch = { metrics: [], params: [], tags: [], datasets: [], files: [] };

/**
 * Keeps what is logged until the tracker has it, so that nobody waits for the tracker: entries are
 * sent in the background and in order, in calls as large as they may be.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #waiting: LogBatch = nothing;
  #failure: unknown;
  #flushing = false;
  #pump: Promise<void> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Takes entries; they are on their way. */
  add(entries: Partial<LogBatch>): void {
    const { metrics, params, tags, datasets, files } = { ...nothing, ...entries };
    this.#waiting = {
      metrics: [...this.#waiting.metrics, ...metrics],
      params: [...this.#waiting.params, ...params],
      tags: [...this.#waiting.tags, ...tags],
      datasets: [...this.#waiting.datasets, ...datasets],
      files: [...this.#waiting.files, ...files],
    };
    if (this.#failure === undefined) void this.#start();
  }

  /**
   * Waits until everything is sent. What was on its way before may fail; a further attempt is made
   * from here on, so that the tracker is waited for as long as ever.
   * @throws the error of `send`, even a temporary one; the entries are kept
   */
  async flush(): Promise<void> {
    this.#flushing = true;
    this.#failure = undefined;
    await this.#start();
    this.#flushing = false;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #start(): Promise<void> {
    if (!this.#pump && sizeOf(this.#waiting) > 0) this.#pump = this.#sendAll();
    await this.#pump;
  }

  async #sendAll(): Promise<void> {
    while (sizeOf(this.#waiting) > 0 && this.#failure === undefined) {
      const batch = take(this.#waiting);
      const isLast = this.#flushing;
      try {
        await this.#options.send(batch);
        this.#waiting = rest(this.#waiting, batch);
      } catch (error) {
        if (isLast || !this.#options.isTemporary(error)) this.#failure = error;
      }
    }
    this.#pump = undefined;
  }
}

function take({ metrics, params, tags, datasets, files }: LogBatch): LogBatch {
  return {
    metrics: metrics.slice(0, limits.metrics),
    params: params.slice(0, limits.params),
    tags: tags.slice(0, limits.tags),
    datasets: datasets.slice(0, limits.datasets),
    files: files.slice(0, limits.files),
  };
}

function rest(all: LogBatch, sent: LogBatch): LogBatch {
  return {
    metrics: all.metrics.slice(sent.metrics.length),
    params: all.params.slice(sent.params.length),
    tags: all.tags.slice(sent.tags.length),
    datasets: all.datasets.slice(sent.datasets.length),
    files: all.files.slice(sent.files.length),
  };
}

function sizeOf(batch: LogBatch): number {
  return Object.values(batch).reduce((sum, entries: readonly unknown[]) => sum + entries.length, 0);
}
