import { describe, expect, it } from "vitest";
import { cursorsOf, maxPoints, needsThinning, withNewPoints, type RunCurves } from "./series.ts";

function curves(key: string, steps: number[], status = "RUNNING"): RunCurves {
  const one = { key, cursor: `after ${steps.at(-1)}`, count: steps.length };
  const series = [{ ...one, steps, timestamps: steps.map((step) => step * 10), values: steps }];
  return { run_id: "r", status, series };
}

describe("the curves of a run that goes on", () => {
  it("grow by what is new", () => {
    const grown = withNewPoints(curves("loss", [1, 2]), curves("loss", [3]));

    expect(grown.series).toEqual([
      {
        key: "loss",
        cursor: "after 3",
        count: 3,
        steps: [1, 2, 3],
        timestamps: [10, 20, 30],
        values: [1, 2, 3],
      },
    ]);
    expect(cursorsOf(grown)).toEqual({ loss: "after 3" });
  });

  it("are joined by metrics that were not there before", () => {
    const grown = withNewPoints(curves("loss", [1]), curves("acc", [1]));

    expect(grown.series.map(({ key }) => key)).toEqual(["loss", "acc"]);
  });

  it("stay the same object while nothing happens, so that nothing is drawn again", () => {
    const before = curves("loss", [1]);

    expect(withNewPoints(before, { ...before, series: [] })).toBe(before);
    expect(withNewPoints(before, { ...before, status: "FINISHED", series: [] })).toEqual({
      ...before,
      status: "FINISHED",
    });
  });

  it("are to be thinned again once they are twice too long", () => {
    const steps = Array.from({ length: 2 * maxPoints + 1 }, (_, index) => index);

    expect(needsThinning(curves("loss", steps.slice(1)))).toBe(false);
    expect(needsThinning(curves("loss", steps))).toBe(true);
  });
});
