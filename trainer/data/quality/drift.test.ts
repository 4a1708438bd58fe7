import { model } from "@updraft/models/digits";
import { describe, expect, it } from "vitest";
import { dataBaseline } from "../../packaging/baseline.ts";
import { driftFrom } from "./drift.ts";

/** Examples of two values, the first of which is their number. */
const examples = (labels: readonly number[], widths: readonly number[]) => ({
  count: labels.length,
  inputs: Float32Array.from(widths.flatMap((width, index) => [index, width])),
  labels: Int32Array.from(labels),
});

describe("driftFrom", () => {
  const definition = {
    input: { name: "sizes", datatype: "FP32", shape: [-1, 2] },
    output: { ...model.output, labels: ["no", "yes"] },
    format: { ...model.format, inputNames: ["height", "width"] },
  } as const satisfies Parameters<typeof driftFrom>[2];
  const before = examples([0, 0, 1, 1], [5, 6, 7, 8]);
  const baseline = dataBaseline(before, definition);

  it("is nothing between the same data", () => {
    expect(driftFrom(baseline, before, definition)).toEqual([
      { of: "sizes", psi: 0 },
      { of: "height", psi: 0 },
      { of: "width", psi: 0 },
      { of: "the labels", psi: 0 },
    ]);
  });

  it("sees each value by itself, what is out of the earlier range, and the labels", () => {
    const after = driftFrom(baseline, examples([0, 1, 1, 1], [5, 6, 7, 9]), definition);
    expect(after.map(({ of, psi }) => [of, psi > 0])).toEqual([
      ["sizes", true],
      ["height", false],
      ["width", true],
      ["the labels", true],
    ]);
    // A quarter went from the last bin to beyond the end; an eighth is half a value of four.
    expect(after[2]?.psi).toBeCloseTo(2 * 0.125 * Math.log(0.25 / 0.125), 12);
  });

  it("leaves out what cannot be compared", () => {
    const labels = ["no", "yes", "perhaps"];
    const other = { ...definition, output: { ...definition.output, labels } };
    expect(driftFrom(baseline, before, other).map(({ of }) => of)).toEqual([
      "sizes",
      "height",
      "width",
    ]);
    expect(driftFrom({}, before, definition)).toEqual([]);
  });
});
