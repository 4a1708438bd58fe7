import type { FileContents } from "@updraft/contracts/artifact-store";
import type { Examples } from "@updraft/models/dataset";
import { toJson } from "./to-json.ts";

/** The examples that have one value of a slicing column. */
export interface SliceGroup {
  /** Name of the column. */
  readonly slice: string;
  readonly value: string;
  /** Indexes of the examples, ascending. */
  readonly indexes: Int32Array;
}

/** What was measured on one slice. */
export interface SliceMeasures {
  readonly slice: string;
  readonly value: string;
  readonly count: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** All slices of examples: by column as the data has them, by value as texts are sorted. */
export function sliceGroups({ slices = {} }: Pick<Examples, "slices">): SliceGroup[] {
  return Object.entries(slices).flatMap(([slice, values]) => {
    const groups = Map.groupBy(values.keys(), (index) => values[index] ?? "");
    return [...groups]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([value, indexes]) => ({ slice, value, indexes: Int32Array.from(indexes) }));
  });
}

/** Some rows of `[n, width]`, row-major. */
export function rowsAt<T extends Float32Array | Int32Array>(
  values: T,
  width: number,
  indexes: Int32Array,
): T {
  const rows = new (values.constructor as new (length: number) => T)(indexes.length * width);
  for (const [position, index] of indexes.entries()) {
    rows.set(values.subarray(index * width, (index + 1) * width), position * width);
  }
  return rows;
}

/** What to call a slice in a sentence: `site "north"`. */
export function sliceName({ slice, value }: Pick<SliceGroup, "slice" | "value">): string {
  return `${slice} "${value}"`;
}

/** What was measured slice by slice, as a file; none without slices. */
export function sliceFiles(slices: readonly SliceMeasures[]): FileContents {
  return slices.length === 0 ? {} : { "evaluation/slices.json": toJson(slices) };
}
