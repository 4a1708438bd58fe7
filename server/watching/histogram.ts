import type { InputBaseline } from "@updraft/contracts/card";

/** Shares of values in equal bins between two ends. */
export type Histogram = InputBaseline["histogram"];

/** How many kinds of values a histogram tells apart: its bins, and what is below and above them. */
export function kindsOf({ shares }: Histogram): number {
  return shares.length + 2;
}

/**
 * Counts values in the bins of a histogram, as the trainer does: the first of its kinds is what is
 * below all bins, the last what is above, and the upper end is in the last bin.
 * @param counts where to, by the kind
 * @param offset the first kind's place there
 * @param from the first value's index
 * @param to index behind the last one
 */
export function countInto(
  counts: Uint32Array,
  offset: number,
  { min, max, shares }: Histogram,
  values: ArrayLike<number>,
  from: number,
  to: number,
): void {
  const bins = shares.length;
  const scale = max > min ? bins / (max - min) : 0;
  for (let at = from; at < to; at += 1) {
    const value = values[at] ?? 0;
    const inside = Math.min(bins, 1 + Math.floor((value - min) * scale));
    const kind = value < min ? 0 : value > max ? bins + 1 : inside;
    counts[offset + kind] = (counts[offset + kind] ?? 0) + 1;
  }
}
