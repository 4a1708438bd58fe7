import { describe, expect, it } from "vitest";
import { chartGroups, inWords, mainFirst, pointsOf, positive, smoothed } from "./points.ts";

const series = {
  key: "loss",
  cursor: "",
  count: 4,
  steps: [2, 1, 3, 4],
  timestamps: [12_000, 11_000, 13_500, 14_000],
  values: [0.5, 1, "NaN" as const, "Infinity" as const],
};

describe("the points of a curve", () => {
  it("are in the order of their steps, without what has no place", () => {
    expect(pointsOf(series, "step", 10_000)).toEqual([
      [1, 1],
      [2, 0.5],
    ]);
  });

  it("can lie along the time since the run began, in seconds, and along the time of day", () => {
    expect(pointsOf(series, "relative", 10_000)).toEqual([
      [1, 1],
      [2, 0.5],
    ]);
    expect(pointsOf(series, "time", 10_000)).toEqual([
      [11_000, 1],
      [12_000, 0.5],
    ]);
  });

  it("are smoothed without a pull to zero", () => {
    const points = [
      [0, 4],
      [1, 0],
      [2, 8],
    ] as const;

    expect(smoothed(points, 0)).toEqual(points);
    expect(smoothed(points, 0.5)).toEqual([
      [0, 4],
      [1, 4 / 3],
      [2, 4.5 / 0.875],
    ]);
    expect(smoothed([[0, 7]], 0.98)[0]?.[1]).toBeCloseTo(7, 12);
  });

  it("are above zero on a logarithmic axis", () => {
    expect(
      positive([
        [0, 1],
        [1, 0],
        [2, -3],
      ]),
    ).toEqual([[0, 1]]);
  });

  it("are said in words", () => {
    const format = String;

    expect(
      inWords(
        "a",
        [
          [0, 3],
          [1, 9],
          [2, 5],
        ],
        format,
      ),
    ).toBe("a: latest 5, lowest 3, highest 9");
    expect(inWords("a", [], format)).toBe("a: no values");
  });
});

describe("charts", () => {
  it("are grouped by what stands before the last slash, system metrics last", () => {
    expect(
      chartGroups(["system/gpu/0", "val/loss", "loss", "system/cpu", "acc", "val/acc"]),
    ).toEqual([
      { title: "", keys: ["acc", "loss"] },
      { title: "val", keys: ["val/acc", "val/loss"] },
      { title: "system", keys: ["system/cpu"] },
      { title: "system/gpu", keys: ["system/gpu/0"] },
    ]);
  });

  it("show first what people look at first", () => {
    const keys = ["lr", "val_loss", "speed", "accuracy"].map((key) => ({ key }));

    expect(mainFirst(keys).map(({ key }) => key)).toEqual(["val_loss", "accuracy", "lr", "speed"]);
  });
});
