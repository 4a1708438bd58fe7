import { kolmogorovSmirnov, populationStability } from "@updraft/contracts/distribution-distance";
import { countInto, type Histogram, kindsOf } from "./histogram.ts";
import { SlidingCounts } from "./sliding-counts.ts";

/** The window: the last 1,800 to 2,000 instances. */
const blocks = 10;
const blockSize = 200;

/**
 * How many instances it takes to say something: of fewer, even the very same data is some way off
 * by chance, a PSI of about (bins - 1) / instances.
 */
export const leastInstances = 200;

/** What a package says of the data it was trained on. */
export interface DriftBaseline {
  /** Of all values of the input together; nothing if the package does not say. */
  readonly input: NamedHistogram | undefined;
  /** Of each value of an instance by itself, in their order; none if the package does not say. */
  readonly features: readonly NamedHistogram[];
  /** Of the true classes or values; nothing if the package does not say. */
  readonly predictions: NamedHistogram | undefined;
}

export interface NamedHistogram {
  readonly name: string;
  readonly histogram: Histogram;
}

/** How far something is from what the model was trained on. */
export interface Drift {
  readonly name: string;
  /** Population stability index, 0 or more; nothing until there are enough instances. */
  readonly psi: number | undefined;
  /** Kolmogorov's and Smirnov's distance, 0 to 1; nothing until there are enough instances. */
  readonly ks: number | undefined;
  /** The ends of the bins. */
  readonly min: number;
  readonly max: number;
  /** Shares of what is below all bins, in each of them, and above: in training, and now. */
  readonly before: readonly number[];
  readonly now: readonly number[];
}

/** A histogram, and where its counts are. */
interface Counted extends NamedHistogram {
  readonly offset: number;
}

/** The last instances and answers of a model, as counts beside those of its training data. */
export class DriftWindow {
  readonly #input: Counted | undefined;
  readonly #features: readonly Counted[];
  readonly #predictions: Counted | undefined;
  readonly #counts: SlidingCounts;

  constructor({ input, features, predictions }: DriftBaseline) {
    let kinds = 0;
    const placed = (named: NamedHistogram): Counted => {
      const offset = kinds;
      kinds += kindsOf(named.histogram);
      return { ...named, offset };
    };
    this.#input = input && placed(input);
    this.#features = features.map(placed);
    this.#predictions = predictions && placed(predictions);
    this.#counts = new SlidingCounts(kinds, blocks, blockSize);
  }

  /** How many instances it has now. */
  get instances(): number {
    return this.#counts.instances;
  }

  /**
   * Counts what was asked and answered.
   * @param inputs of all instances, one after another, flattened
   * @param predicted classes by their indices, or values: of all instances, one after another
   */
  note(inputs: Float32Array, predicted: ArrayLike<number>, instances: number): void {
    const width = inputs.length / instances;
    const length = predicted.length / instances;
    for (let at = 0; at < instances; at += 1) {
      const counts = this.#counts.next();
      const start = at * width;
      count(counts, this.#input, inputs, start, start + width);
      for (let feature = 0; feature < this.#features.length; feature += 1) {
        count(counts, this.#features[feature], inputs, start + feature, start + feature + 1);
      }
      count(counts, this.#predictions, predicted, at * length, (at + 1) * length);
    }
  }

  /** How far the input is off, as a whole and then each of its values. */
  inputs(): Drift[] {
    return [...(this.#input ? [this.#input] : []), ...this.#features].map((c) => this.#drift(c));
  }

  /** How far the predictions are from what was true in training. */
  predictions(): Drift | undefined {
    return this.#predictions && this.#drift(this.#predictions);
  }

  #drift({ name, histogram, offset }: Counted): Drift {
    const counts = this.#counts.sums(offset, kindsOf(histogram));
    const values = counts.reduce((sum, size) => sum + size, 0);
    const before = [0, ...histogram.shares, 0];
    const now = counts.map((size) => (values === 0 ? 0 : size / values));
    const { min, max } = histogram;
    const isEnough = this.instances >= leastInstances;
    const psi = isEnough ? populationStability(before, now, values) : undefined;
    const ks = isEnough ? kolmogorovSmirnov(before, now) : undefined;
    return { name, psi, ks, min, max, before, now };
  }
}

function count(
  counts: Uint32Array,
  counted: Counted | undefined,
  values: ArrayLike<number>,
  from: number,
  to: number,
): void {
  if (counted) countInto(counts, counted.offset, counted.histogram, values, from, to);
}
