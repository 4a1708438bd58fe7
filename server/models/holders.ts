/** Who still needs something that is to be freed once nobody does. */
export class Holders {
  #count = 0;
  #wake: (() => void) | undefined;

  /** Keeps it until what is returned is called. */
  hold(): () => void {
    this.#count += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#count -= 1;
      if (this.#count === 0) this.#wake?.();
    };
  }

  /** Settles once nobody holds it. */
  async none(): Promise<void> {
    while (this.#count > 0) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
