import type { Dataset } from "@updraft/models/dataset";
import { describe, expect, it } from "vitest";
import { firstEquals, inputDigests } from "./quality/equal-rows.ts";
import { partsOf, type Shares, splitInto, stratified } from "./split.ts";

/** 40 examples of class 0 and 20 of class 1, alternating; each input tells its index. */
const labels = Int32Array.from({ length: 60 }, (_, index) => (index % 3 === 2 ? 1 : 0));
const dataset = {
  train: {
    count: 60,
    inputs: Float32Array.from({ length: 120 }, (_, index) => Math.floor(index / 2)),
    labels,
  },
};

const countOf = (indexes: readonly number[], label: number) =>
  indexes.filter((index) => labels[index] === label).length;

describe("stratified", () => {
  it("gives each part the same share of every class", () => {
    const parts = stratified(labels, [0.1, 0.2], 1);
    expect(parts.map((part) => [countOf(part, 0), countOf(part, 1)])).toEqual([
      [4, 2],
      [8, 4],
      [28, 14],
    ]);
  });

  it("puts every example into exactly one part, in ascending order", () => {
    const parts = stratified(labels, [0.1, 0.2], 1);
    expect(parts.flat().toSorted((a, b) => a - b)).toEqual([...labels.keys()]);
    expect(parts.map((part) => part.toSorted((a, b) => a - b))).toEqual(parts);
  });

  it("gives a part with a share at least one example of each class, and none without", () => {
    const [none, few] = stratified(Int32Array.of(0, 0, 0, 1, 1, 1), [0, 0.01], 1);
    expect(none).toEqual([]);
    expect(few?.length).toBe(2);
  });

  it("follows from the seed", () => {
    expect(stratified(labels, [0.2], 5)).toEqual(stratified(labels, [0.2], 5));
    expect(stratified(labels, [0.2], 6)).not.toEqual(stratified(labels, [0.2], 5));
  });
});

/** As data is split once it is checked. */
function splitDataset(whole: Dataset, shares: Shares, seed: number) {
  const firsts = firstEquals(inputDigests(whole.train));
  return splitInto(whole, partsOf(whole, shares, seed, firsts));
}

describe("a dataset that is split", () => {
  it("takes inputs and labels of the same examples", () => {
    const { train, validation, test } = splitDataset(dataset, { validation: 0.2, test: 0.1 }, 1);
    expect([train.count, validation.count, test.count]).toEqual([42, 12, 6]);
    for (const part of [train, validation, test]) {
      const indexes = [...part.labels].map((_, position) => part.inputs[2 * position]);
      expect([...part.labels]).toEqual(indexes.map((index = -1) => labels[index]));
      expect([...part.inputs]).toEqual(indexes.flatMap((index) => [index, index]));
    }
  });

  it("keeps equal inputs together", () => {
    const inputs = Float32Array.from({ length: 120 }, (_, index) => Math.floor(index / 8));
    const parts = splitDataset(
      { train: { ...dataset.train, inputs } },
      { validation: 0.2, test: 0.2 },
      1,
    );
    const seen = [parts.train, parts.validation, parts.test].map((part) => new Set(part.inputs));
    expect(seen.map((values) => values.size).reduce((sum, size) => sum + size)).toBe(15);
    expect(seen.every((values) => values.size > 0)).toBe(true);
  });

  it("leaves a published test split as it is", () => {
    const test = { count: 1, inputs: Float32Array.of(9, 9), labels: Int32Array.of(1) };
    const splits = splitDataset({ ...dataset, test }, { validation: 0.2, test: 0.1 }, 1);
    expect(splits.test).toBe(test);
    expect([splits.train.count, splits.validation.count]).toEqual([48, 12]);
  });
});
