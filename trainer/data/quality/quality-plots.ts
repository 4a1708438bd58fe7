import type { InputBaseline } from "@updraft/contracts/card";
import type { PlotSpec } from "../../plots/vega-svg.ts";
import type { Counts, QualityReport } from "./report.ts";

const width = 640;

/** The plots of a report: the classes in each part, and every distribution beside the champion's. */
export function qualityPlots({ classes, baseline, champion }: QualityReport): PlotSpec[] {
  const hasClasses = Object.keys(classes).length > 0;
  const distributions = Object.entries(baseline)
    // The labels of a classifier are its classes, which have a plot of their own.
    .slice(0, hasClasses ? 1 : undefined)
    .map(([name, statistics]) => {
      const before = champion?.baseline[name];
      return distributionPlot(name, statistics, before, champion?.version);
    });
  return [...(hasClasses ? [classPlot(classes)] : []), ...distributions];
}

function classPlot(classes: Readonly<Record<string, Counts>>): PlotSpec {
  const values = Object.entries(classes).flatMap(([label, counts]) =>
    Object.entries(counts).map(([part, count]) => ({ label, part, count })),
  );
  return {
    title: "Examples of each class",
    width,
    data: { values },
    mark: "bar",
    encoding: {
      y: { field: "label", type: "nominal", title: null, sort: null },
      x: { field: "count", type: "quantitative", title: "examples" },
      color: {
        field: "part",
        type: "nominal",
        title: null,
        sort: null,
        scale: {
          domain: ["training", "validation", "test"],
          range: ["#2563eb", "#93c5fd", "#f59e0b"],
        },
      },
      order: { field: "part", sort: "descending" },
    },
  };
}

function distributionPlot(
  name: string,
  { histogram }: InputBaseline,
  before: InputBaseline | undefined,
  version: string | undefined,
): PlotSpec {
  const ofChampion = `champion, version ${version}`;
  const values = [
    ...binsOf(histogram, "this data"),
    ...(before ? binsOf(before.histogram, ofChampion) : []),
  ];
  return {
    title: `Values of ${name}, as shares`,
    width,
    height: 200,
    data: { values },
    mark: { type: "line", interpolate: "step-after" },
    encoding: {
      x: { field: "from", type: "quantitative", title: name },
      y: { field: "share", type: "quantitative", title: "share of the values" },
      color: {
        field: "of",
        type: "nominal",
        title: null,
        scale: { domain: ["this data", ofChampion], range: ["#2563eb", "#94a3b8"] },
        ...(before ? {} : { legend: null }),
      },
    },
  };
}

/** The start of each bin with its share, and the end of the last one. */
function binsOf({ min, max, shares }: InputBaseline["histogram"], of: string) {
  const step = (max - min) / shares.length;
  const starts = shares.map((share, bin) => ({ from: min + bin * step, share, of }));
  return [...starts, { from: max, share: shares.at(-1) ?? 0, of }];
}
