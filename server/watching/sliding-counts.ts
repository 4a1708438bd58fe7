/** How many there were of each kind among the last ones, in memory that does not grow. */
export class SlidingCounts {
  readonly #blocks: readonly Uint32Array[];
  readonly #sizes: number[];
  readonly #blockSize: number;
  #current = 0;

  /**
   * @param kinds how many kinds there are
   * @param blocks how many pieces the window has: the oldest one is forgotten when a new one begins
   * @param blockSize how many instances a piece has
   */
  constructor(kinds: number, blocks: number, blockSize: number) {
    this.#blocks = Array.from({ length: blocks }, () => new Uint32Array(kinds));
    this.#sizes = this.#blocks.map(() => 0);
    this.#blockSize = blockSize;
  }

  /** Of how many instances the counts are. */
  get instances(): number {
    return this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Begins an instance; gives the counts into which it goes, by the kind. */
  next(): Uint32Array {
    if (this.#sizes[this.#current] === this.#blockSize) {
      this.#current = (this.#current + 1) % this.#blocks.length;
      this.#blocks[this.#current]?.fill(0);
      this.#sizes[this.#current] = 0;
    }
    this.#sizes[this.#current] = (this.#sizes[this.#current] ?? 0) + 1;
    return this.#blocks[this.#current] ?? new Uint32Array();
  }

  /** The counts of some kinds that follow each other. */
  sums(from: number, count: number): number[] {
    return Array.from({ length: count }, (_, at) =>
      this.#blocks.reduce((sum, block) => sum + (block[from + at] ?? 0), 0),
    );
  }
}
