import type { Metric } from "../store/runs.ts";

/** A metric's values as columns of equal length; what is not finite is a text, as in JSON. */
export interface Series {
  readonly steps: number[];
  /** Milliseconds since 1970. */
  readonly timestamps: number[];
  readonly values: (number | "NaN" | "Infinity" | "-Infinity")[];
}

/** Values of a metric that lie together, of which the extremes are kept. */
interface Bucket {
  readonly lowest: Metric;
  readonly highest: Metric;
}

/**
 * Keeps of a long series what shows at the width of a screen: of values that lie together the
 * lowest and the highest, so that no peak gets lost, and always the last. It takes the values one
 * after another and never holds many more than it gives back.
 */
export class SeriesThinner {
  readonly #maxPoints: number;
  #buckets: Bucket[] = [];
  /** How many values a bucket stands for. */
  #stride = 1;
  #inLast = 0;
  #last: Metric | undefined;

  /** @param maxPoints at least 4 */
  constructor(maxPoints: number) {
    this.#maxPoints = maxPoints;
  }

  add(metric: Metric): void {
    this.#last = metric;
    const last = this.#buckets.at(-1);
    if (last && this.#inLast < this.#stride) {
      this.#buckets[this.#buckets.length - 1] = joined(last, { lowest: metric, highest: metric });
      this.#inLast += 1;
      return;
    }
    if (this.#buckets.length >= this.#limit()) this.#halve();
    this.#buckets.push({ lowest: metric, highest: metric });
    this.#inLast = 1;
  }

  /** The values that were kept, in the order in which they came. */
  points(): Metric[] {
    const kept = this.#buckets.flatMap(inOrder);
    if (this.#last && kept.at(-1) !== this.#last) kept.push(this.#last);
    return kept;
  }

  /** As long as every value has a bucket of its own, a bucket is one point; later it is two. */
  #limit(): number {
    return this.#stride === 1 ? this.#maxPoints : Math.floor((this.#maxPoints - 1) / 2);
  }

  #halve(): void {
    while (this.#buckets.length >= this.#limit()) {
      const pairs: Bucket[] = [];
      for (let index = 0; index < this.#buckets.length; index += 2) {
        const [first, second] = this.#buckets.slice(index, index + 2);
        if (first) pairs.push(second ? joined(first, second) : first);
      }
      this.#buckets = pairs;
      this.#stride *= 2;
    }
  }
}

/** Points as columns. */
export function seriesOf(points: readonly Metric[]): Series {
  return {
    steps: points.map(({ step }) => step),
    timestamps: points.map(({ timestamp }) => timestamp),
    values: points.map(({ value }) =>
      Number.isFinite(value) ? value : (String(value) as "NaN" | "Infinity" | "-Infinity"),
    ),
  };
}

/** A NaN is neither high nor low: it stays only where a bucket has nothing else. */
function joined(first: Bucket, second: Bucket): Bucket {
  return {
    lowest: second.lowest.value < first.lowest.value || isNaN(first) ? second.lowest : first.lowest,
    highest:
      second.highest.value > first.highest.value || isNaN(first) ? second.highest : first.highest,
  };
}

function isNaN({ lowest }: Bucket): boolean {
  return Number.isNaN(lowest.value);
}

function inOrder({ lowest, highest }: Bucket): Metric[] {
  if (lowest === highest) return [lowest];
  const isRising =
    lowest.timestamp < highest.timestamp ||
    (lowest.timestamp === highest.timestamp && lowest.step < highest.step);
  return isRising ? [lowest, highest] : [highest, lowest];
}
