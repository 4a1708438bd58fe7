import type { Interval } from "@updraft/contracts/interval";
import type { Random } from "@updraft/models/model-definition";

/** How often the examples are drawn again. */
export const resamples = 1000;
/** How many resamples lie beyond each bound: 95 % are between two that leave 25 of 1,000 out. */
const beyond = 25;

/** What one measure has more than the same of a rival, and how far chance moves that. */
export interface Difference extends Interval {
  readonly value: number;
}

/**
 * Draws examples again with replacement, as many of each group as there are; how often each one was
 * drawn, `[n]`. The array is the same one each time.
 * @param groups indexes of the examples, each in one group
 */
export function drawing(
  groups: readonly Int32Array[],
  random: Random,
): () => Int32Array<ArrayBuffer> {
  const weights = new Int32Array(groups.reduce((sum, { length }) => sum + length, 0));
  return () => {
    weights.fill(0);
    for (const group of groups) {
      for (let left = group.length; left > 0; left -= 1) {
        const index = group[Math.floor(random() * group.length)] ?? 0;
        weights[index] = (weights[index] ?? 0) + 1;
      }
    }
    return weights;
  };
}

/** The percentiles between which 95 % of what the resamples gave lie. */
export function bounds(values: readonly number[]): Interval {
  const sorted = Float64Array.from(values).toSorted();
  return { low: exact(sorted[beyond] ?? 0), high: exact(sorted.at(-1 - beyond) ?? 0) };
}

/** The difference of two measures, with its bounds over the same resamples. */
export function differenceOf(
  measured: { readonly own: number; readonly rival: number },
  own: readonly number[],
  rivals: readonly number[],
): Difference {
  return {
    value: exact(measured.own - measured.rival),
    ...bounds(own.map((value, index) => value - (rivals[index] ?? 0))),
  };
}

/** What is left of sums and ratios beyond twelve digits is noise. */
export function exact(value: number): number {
  return Number(value.toFixed(12));
}
