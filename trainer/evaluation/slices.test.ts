import { expect, it } from "vitest";
import { rowsAt, sliceGroups } from "./slices.ts";

it("groups examples by every column, sorted by value", () => {
  const slices = { site: ["b", "a", "b"], season: ["dry", "dry", "wet"] };
  expect(sliceGroups({ slices })).toEqual([
    { slice: "site", value: "a", indexes: Int32Array.of(1) },
    { slice: "site", value: "b", indexes: Int32Array.of(0, 2) },
    { slice: "season", value: "dry", indexes: Int32Array.of(0, 1) },
    { slice: "season", value: "wet", indexes: Int32Array.of(2) },
  ]);
  expect(sliceGroups({})).toEqual([]);
});

it("takes whole rows", () => {
  const rows = rowsAt(Float32Array.of(0, 1, 2, 3, 4, 5), 2, Int32Array.of(0, 2));
  expect(rows).toEqual(Float32Array.of(0, 1, 4, 5));
});
