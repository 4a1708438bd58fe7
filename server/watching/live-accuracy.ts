/** How many of the last predictions whose truth is known were right. */
export class LiveAccuracy {
  readonly #size: number;
  readonly #told: boolean[] = [];
  #next = 0;
  #correct = 0;

  /** @param size how many predictions count: the last ones */
  constructor(size: number) {
    this.#size = size;
  }

  /** Of how many predictions the truth is known, as far as they count. */
  get count(): number {
    return this.#told.length;
  }

  /** Share of those that were right, 0 to 1; nothing until there is one. */
  get value(): number | undefined {
    return this.count === 0 ? undefined : this.#correct / this.count;
  }

  tell(isCorrect: boolean): void {
    if (this.#told[this.#next] === true) this.#correct -= 1;
    this.#told[this.#next] = isCorrect;
    if (isCorrect) this.#correct += 1;
    this.#next = (this.#next + 1) % this.#size;
  }
}
