import { describe, expect, it } from "vitest";
import { rowAfterKey, rowsInView, scrolledTo, selectionAfter } from "./rows-in-view.ts";

const view = { scrollTop: 0, height: 360, rowHeight: 36 };

describe("the rows in view", () => {
  it.each([
    [0, 5000, { first: 0, end: 18 }],
    [3600, 5000, { first: 92, end: 118 }],
    [179_640, 5000, { first: 4982, end: 5000 }],
    [0, 3, { first: 0, end: 3 }],
    [0, 0, { first: 0, end: 0 }],
    [90_000, 10, { first: 10, end: 10 }],
  ])("at %d pixels of %d rows are %o", (scrollTop, count, rows) => {
    expect(rowsInView({ ...view, scrollTop }, count)).toEqual(rows);
  });

  it.each([
    [5, 0, 0],
    [10, 0, 36],
    [3, 360, 108],
    [12, 360, 360],
  ])("bring row %d into view from %d pixels by %d", (index, scrollTop, target) => {
    expect(scrolledTo(index, { ...view, scrollTop })).toBe(target);
  });

  it.each([
    ["ArrowDown", 4, 5],
    ["ArrowDown", 99, 99],
    ["ArrowUp", 0, 0],
    ["PageDown", 4, 14],
    ["PageUp", 4, 0],
    ["Home", 50, 0],
    ["End", 50, 99],
    ["x", 50, undefined],
  ])("after %s at %d the row is %s", (key, current, next) => {
    expect(rowAfterKey(key, current, { count: 100, page: 10 })).toBe(next);
  });

  it("have no row to go to where there are none", () => {
    expect(rowAfterKey("End", 0, { count: 0, page: 10 })).toBeUndefined();
  });
});

describe("selecting rows", () => {
  const ids = ["a", "b", "c", "d"];

  it("takes one in and leaves it out again", () => {
    const once = selectionAfter(new Set(["d"]), ids, { index: 1 });

    expect([...once]).toEqual(["d", "b"]);
    expect([...selectionAfter(once, ids, { index: 1 })]).toEqual(["d"]);
  });

  it("takes in all from the last one, in either direction", () => {
    expect([...selectionAfter(new Set(), ids, { index: 2, from: 0 })]).toEqual(["a", "b", "c"]);
    expect([...selectionAfter(new Set(["d"]), ids, { index: 1, from: 3 })]).toEqual([
      "d",
      "b",
      "c",
    ]);
  });

  it("changes nothing beyond the rows", () => {
    expect([...selectionAfter(new Set(["a"]), ids, { index: 9 })]).toEqual(["a"]);
  });
});
