import { hash } from "node:crypto";
import type { Examples } from "@updraft/models/dataset";

/**
 * A name for each input: equal inputs, equal names. It is the sha256 of the input's bytes.
 */
export function inputDigests({ inputs, count }: Pick<Examples, "inputs" | "count">): string[] {
  const bytes = new Uint8Array(inputs.buffer, inputs.byteOffset, inputs.byteLength);
  const width = bytes.length / count;
  return Array.from({ length: count }, (_, index) =>
    hash("sha256", bytes.subarray(index * width, (index + 1) * width), "base64"),
  );
}

/** Of each input the index of the first one that is equal: of most their own. */
export function firstEquals(names: readonly string[]): Int32Array {
  const first = new Map<string, number>();
  return Int32Array.from(names, (name, index) => {
    const known = first.get(name);
    if (known !== undefined) return known;
    first.set(name, index);
    return index;
  });
}

/** An example and the one that it is compared with, by their indexes. */
export interface Pair {
  readonly index: number;
  readonly other: number;
}

/** Examples with the input of an earlier one, by whether their labels are the same. */
export interface Repeats {
  /** Copies: the other is the first with this input and this label. */
  readonly duplicates: readonly Pair[];
  /** Every example of an input that has several labels; the other has another label. */
  readonly conflicts: readonly Pair[];
}

/** The examples that have their input in common. */
export function repeatsIn({ labels, count }: Examples, firsts: Int32Array): Repeats {
  const outputs = labels.length / count;
  const labelOf = (index: number) =>
    outputs === 1
      ? (labels[index] ?? 0)
      : labels.subarray(index * outputs, (index + 1) * outputs).join();
  const groups = Map.groupBy(firsts.keys(), (index) => firsts[index] ?? index);
  const duplicates: Pair[] = [];
  const conflicts: Pair[] = [];
  for (const group of groups.values()) {
    if (group.length === 1) continue;
    const byLabel = Map.groupBy(group, labelOf);
    const [[first = 0] = [], [second = 0] = []] = byLabel.values();
    for (const same of byLabel.values()) {
      const [original = 0, ...copies] = same;
      duplicates.push(...copies.map((index) => ({ index, other: original })));
      if (byLabel.size === 1) continue;
      const other = original === first ? second : first;
      conflicts.push(...same.map((index) => ({ index, other })));
    }
  }
  const byIndex = (a: Pair, b: Pair) => a.index - b.index;
  return { duplicates: duplicates.toSorted(byIndex), conflicts: conflicts.toSorted(byIndex) };
}

/** The inputs that are among others, by their names. */
export function shared(names: readonly string[], others: readonly string[]): Pair[] {
  const known = new Map(others.map((name, index) => [name, index]));
  return names.flatMap((name, index) => {
    const other = known.get(name);
    return other === undefined ? [] : [{ index, other }];
  });
}
