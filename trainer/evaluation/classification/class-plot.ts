import { vegaSvg, type PlotSpec } from "../../plots/vega-svg.ts";
import type { ClassMeasures } from "./measures.ts";

/** Precision, recall and F1 of each class, with how many examples it has. */
export function classPlot(classes: readonly ClassMeasures[]): Promise<string> {
  return vegaSvg(classSpec(classes));
}

/** @see classPlot */
export function classSpec(classes: readonly ClassMeasures[]): PlotSpec {
  const values = classes.flatMap(({ label, support, ...shares }) =>
    (["precision", "recall", "f1"] as const).map((measure) => ({
      name: `${label} (${support})`,
      measure: measure === "f1" ? "F1" : measure,
      value: shares[measure],
      text: shares[measure].toFixed(4),
    })),
  );
  return {
    title: "Measures of each class (examples)",
    data: { values },
    facet: {
      column: {
        field: "measure",
        type: "nominal",
        title: null,
        sort: ["precision", "recall", "F1"],
      },
    },
    spec: {
      width: 150,
      height: { step: 24 },
      encoding: { y: { field: "name", type: "nominal", sort: null, title: null } },
      layer: [
        {
          mark: { type: "bar", color: "#bfdbfe" },
          encoding: {
            x: {
              field: "value",
              type: "quantitative",
              title: null,
              scale: { domain: [0, 1] },
              axis: { tickCount: 3 },
            },
          },
        },
        {
          mark: { type: "text", align: "left", dx: 4 },
          encoding: { x: { datum: 0 }, text: { field: "text", type: "nominal" } },
        },
      ],
    },
  };
}
