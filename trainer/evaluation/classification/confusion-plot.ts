import { vegaSvg, type PlotSpec } from "../../plots/vega-svg.ts";
import { rightColour, wrongColour } from "../plots/colours.ts";
import type { Measures } from "./measures.ts";

const cellSize = 40;

/** The confusion matrix: rows are the truth, columns the answers. */
export function confusionPlot(measures: Pick<Measures, "confusion" | "classes">): Promise<string> {
  return vegaSvg(confusionSpec(measures));
}

/** @see confusionPlot */
export function confusionSpec({
  confusion,
  classes,
}: Pick<Measures, "confusion" | "classes">): PlotSpec {
  const names = classes.map(({ label }) => label);
  const values = confusion.flatMap((row, truth) =>
    row.map((count, answer) => ({
      truth: names[truth],
      answer: names[answer],
      count,
      isRight: truth === answer,
      opacity: opacityOf(count, truth === answer, row),
    })),
  );
  const side = { step: cellSize };
  const axis = { labelAngle: 0, domain: false, ticks: false };
  return {
    title: "Confusion matrix",
    data: { values },
    width: side,
    height: side,
    encoding: {
      x: { field: "answer", type: "nominal", sort: null, axis: { ...axis, orient: "top" } },
      y: { field: "truth", type: "nominal", sort: null, axis },
    },
    layer: [
      {
        mark: { type: "rect", stroke: "#e5e7eb" },
        encoding: {
          fill: {
            field: "isRight",
            type: "nominal",
            scale: { domain: [true, false], range: [rightColour, wrongColour] },
            legend: null,
          },
          fillOpacity: { field: "opacity", type: "quantitative", scale: null },
        },
      },
      {
        transform: [{ filter: "datum.count > 0" }],
        mark: { type: "text" },
        encoding: {
          text: { field: "count", type: "quantitative" },
          color: { condition: { test: "datum.opacity > 0.5", value: "#fff" }, value: "#111827" },
        },
      },
    ],
  };
}

/** Right answers by their share of the row; mistakes are few, and any number of them is to be seen. */
function opacityOf(count: number, isRight: boolean, row: readonly number[]): number {
  if (count === 0) return 0;
  return isRight ? count / Math.max(1, ...row) : Math.min(0.9, 0.15 + 0.05 * count);
}
