import { vegaSvg, type PlotSpec } from "../../plots/vega-svg.ts";
import { quietColour } from "../plots/colours.ts";
import type { ClassRoc } from "./roc.ts";

/** The ROC curve of each class against the rest. */
export function rocPlot(classes: readonly ClassRoc[]): Promise<string> {
  return vegaSvg(rocSpec(classes));
}

/** @see rocPlot */
export function rocSpec(classes: readonly ClassRoc[]): PlotSpec {
  const known = classes.filter(({ auc }) => auc !== undefined);
  const values = known.flatMap((one) =>
    one.curve.map((point, order) => ({ name: nameOf(one), order, ...point })),
  );
  const diagonal = [0, 1].map((share) => ({ falsePositiveRate: share, truePositiveRate: share }));
  return {
    title: "ROC of each class against the rest",
    width: 320,
    height: 320,
    encoding: {
      x: rate("falsePositiveRate", "false positive rate"),
      y: rate("truePositiveRate", "true positive rate"),
    },
    layer: [
      {
        data: { values: diagonal },
        mark: { type: "line", strokeDash: [4, 4], color: quietColour, strokeWidth: 1 },
      },
      {
        data: { values },
        mark: { type: "line", strokeWidth: 1.5, clip: true },
        encoding: {
          order: { field: "order", type: "quantitative" },
          color: {
            field: "name",
            type: "nominal",
            title: null,
            sort: known.map(nameOf),
            scale: { scheme: "tableau10" },
          },
        },
      },
    ],
  };
}

function nameOf({ label, auc = 0 }: ClassRoc): string {
  return `${label}, area ${auc.toFixed(4)}`;
}

function rate(field: string, title: string) {
  return { field, type: "quantitative" as const, title, scale: { domain: [0, 1] } };
}
