import type { Dataset, Examples } from "@updraft/models/dataset";
import { createRandom, shuffled } from "../random.ts";

/** A dataset as training needs it. No example is in two of them. */
export interface Splits {
  readonly train: Examples;
  /** For early stopping. */
  readonly validation: Examples;
  /** For the verdict: nothing that was learnt or chosen depends on it. */
  readonly test: Examples;
}

/** Shares of all examples; the test share counts where there is no test split. */
export interface Shares {
  readonly validation: number;
  readonly test: number;
}

/** Indexes of a dataset's training examples, ascending. */
export interface Parts {
  readonly train: readonly number[];
  readonly validation: readonly number[];
  /** Empty where there is a published test split. */
  readonly test: readonly number[];
}

/**
 * Which example belongs where, so that each class has the same share of every part; what is
 * labelled with values is split as one class. Examples with equal inputs stay together. A published
 * test split stays as it is.
 * @param firsts of each training example the first one with an equal input
 */
export function partsOf(dataset: Dataset, shares: Shares, seed: number, firsts: Int32Array): Parts {
  const { labels, count } = dataset.train;
  const parts = stratified(
    labels instanceof Int32Array ? labels : new Int32Array(count),
    [dataset.test ? 0 : shares.test, shares.validation],
    seed,
  );
  const [test = [], validation = [], train = []] = together(parts, firsts);
  return { train, validation, test };
}

/** The examples of each part. */
export function splitInto({ train, test }: Dataset, parts: Parts): Splits {
  return {
    train: select(train, parts.train),
    validation: select(train, parts.validation),
    test: test ?? select(train, parts.test),
  };
}

/**
 * Indexes of the examples in each part, ascending: one part for each share and one for the rest.
 * A share above 0 gets at least one example of each class.
 */
export function stratified(
  labels: Int32Array,
  shares: readonly number[],
  seed: number,
): number[][] {
  const random = createRandom(seed, "split");
  const parts: number[][] = [...shares.map(() => []), []];
  const byClass = Map.groupBy(labels.keys(), (index) => labels[index] ?? 0);
  for (const [, indexes] of [...byClass].toSorted(([a], [b]) => a - b)) {
    const order = shuffled(Int32Array.from(indexes), random);
    let start = 0;
    for (const [part, share] of shares.entries()) {
      const count = share === 0 ? 0 : Math.max(1, Math.round(share * order.length));
      append(parts[part], order.subarray(start, start + count));
      start += count;
    }
    append(parts.at(-1), order.subarray(start));
  }
  return parts.map((part) => part.toSorted((a, b) => a - b));
}

/**
 * The same parts, but each example in the part of the first one that is equal: what has been learnt
 * by heart must not count as known.
 */
export function together(parts: readonly (readonly number[])[], firsts: Int32Array): number[][] {
  const partOf = new Int32Array(firsts.length);
  for (const [part, indexes] of parts.entries()) for (const at of indexes) partOf[at] = part;
  const moved: number[][] = parts.map(() => []);
  for (const [index, first] of firsts.entries()) moved[partOf[first] ?? 0]?.push(index);
  return moved;
}

/** Some of the examples, in the given order. */
export function select(examples: Examples, indexes: readonly number[]): Examples {
  const { inputs, labels, count, slices, originOf } = examples;
  return {
    count: indexes.length,
    inputs: rowsOf(inputs, count, indexes),
    labels: rowsOf(labels, count, indexes),
    ...(slices ? { slices: mapValues(slices, (all) => indexes.map((at) => all[at] ?? "")) } : {}),
    ...(originOf ? { originOf: (index: number) => originOf(indexes[index] ?? 0) } : {}),
  };
}

function append(part: number[] | undefined, indexes: Int32Array): void {
  for (const index of indexes) part?.push(index);
}

function mapValues<A, B>(
  values: Readonly<Record<string, A>>,
  map: (value: A) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}

/** Some rows of a matrix of `count` rows, row-major. */
function rowsOf<T extends Uint8Array | Int32Array | Float32Array>(
  values: T,
  count: number,
  indexes: readonly number[],
): T {
  const width = values.length / count;
  // What was read from a file is a Buffer, which has no constructor of its own any more.
  const Kind = values instanceof Uint8Array ? Uint8Array : values.constructor;
  const chosen = new (Kind as new (length: number) => T)(indexes.length * width);
  for (const [position, index] of indexes.entries()) {
    chosen.set(values.subarray(index * width, (index + 1) * width), position * width);
  }
  return chosen;
}
