import type { History } from "../../training/history.ts";
import { vegaSvg, type PlotSpec } from "../../plots/vega-svg.ts";
import { seriesColours } from "./colours.ts";

/** Loss and, of a classifier, accuracy of each epoch, in training and in validation. */
export function learningPlot(history: History): Promise<string> {
  return vegaSvg(learningSpec(history));
}

/** @see learningPlot */
export function learningSpec({ epochs, bestEpoch }: History): PlotSpec {
  const rows = epochs.flatMap((one) => [
    { epoch: one.epoch, split: "training", measure: "loss", value: one.loss },
    { epoch: one.epoch, split: "validation", measure: "loss", value: one.validationLoss },
    { epoch: one.epoch, split: "training", measure: "accuracy", value: one.accuracy },
    { epoch: one.epoch, split: "validation", measure: "accuracy", value: one.validationAccuracy },
  ]);
  const known = rows.filter(({ value }) => value !== undefined);
  const measures = [...new Set(known.map(({ measure }) => measure))];
  return {
    title: `Learning curves, best epoch ${bestEpoch} of ${epochs.length}`,
    data: { values: known },
    hconcat: measures.map((measure) => panel(measure, bestEpoch)),
  };
}

function panel(measure: string, bestEpoch: number) {
  return {
    width: 300,
    height: 200,
    transform: [{ filter: { field: "measure", equal: measure } }],
    layer: [
      {
        data: { values: [{ epoch: bestEpoch }] },
        mark: { type: "rule" as const, strokeDash: [4, 4], color: "#94a3b8" },
        encoding: { x: { field: "epoch", type: "quantitative" as const } },
        transform: [],
      },
      {
        mark: { type: "line" as const, point: { size: 16 } },
        encoding: {
          x: {
            field: "epoch",
            type: "quantitative" as const,
            title: "epoch",
            axis: { tickMinStep: 1, format: "d" },
          },
          y: {
            field: "value",
            type: "quantitative" as const,
            title: measure,
            scale: { zero: false },
          },
          color: {
            field: "split",
            type: "nominal" as const,
            title: null,
            scale: { domain: ["training", "validation"], range: [...seriesColours] },
            legend: { orient: "bottom" as const },
          },
        },
      },
    ],
  };
}
