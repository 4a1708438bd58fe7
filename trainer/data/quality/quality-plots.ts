import type { InputBaseline } from "@updraft/contracts/card";
import type { PlotSpec } from "../../plots/vega-svg.ts";
import type { Counts, QualityReport } from "./report.ts";

const width = 640;

/** Most values of an input that have a plot each. */
const mostFeatures = 12;

/** The plots of a report: the classes in each part, and every distribution beside the champion's. */
export function qualityPlots(report: QualityReport): PlotSpec[] {
  const { classes, baseline, champion, inputNames = [] } = report;
  const hasClasses = Object.keys(classes).length > 0;
  const version = champion?.version;
  const distributions = Object.entries(baseline)
    // The labels of a classifier are its classes, which have a plot of their own.
    .slice(0, hasClasses ? 1 : undefined)
    .map(([name, now]) => {
      const before = champion?.baseline[name];
      const features = now.features?.slice(0, mostFeatures) ?? [];
      if (features.length === 0) return distributionPlot(name, { now, before }, version);
      const compared = features.map((feature, at) => ({
        name: inputNames[at] ?? `value ${at}`,
        now: feature,
        before: before?.features?.[at],
      }));
      return featuresPlot(name, compared, version);
    });
  return [...(hasClasses ? [classPlot(classes)] : []), ...distributions];
}

function classPlot(classes: Readonly<Record<string, Counts>>): PlotSpec {
  const values = Object.entries(classes).flatMap(([label, counts]) =>
    Object.entries(counts).map(([part, count], order) => ({ label, part, count, order })),
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
      order: { field: "order", type: "quantitative" },
    },
  };
}

type Statistics = Pick<InputBaseline, "histogram">;

/** A distribution, and the same of the champion's data. */
interface Compared {
  readonly now: Statistics;
  readonly before: Statistics | undefined;
}

function distributionPlot(name: string, compared: Compared, version: string | undefined): PlotSpec {
  return {
    title: `Values of ${name}, as shares`,
    width,
    height: 200,
    data: { values: curves(compared, version) },
    ...steps(name, version),
  };
}

/** Each value of an input by itself, beside one another. */
function featuresPlot(
  name: string,
  features: readonly (Compared & { readonly name: string })[],
  version: string | undefined,
): PlotSpec {
  const values = features.flatMap((feature) =>
    curves(feature, version).map((point) => ({ ...point, feature: feature.name })),
  );
  return {
    title: `Values of ${name}, as shares`,
    data: { values },
    facet: { field: "feature", type: "nominal", title: null, sort: null },
    columns: 2,
    spec: { width: width / 2 - 30, height: 110, ...steps(null, version) },
    resolve: { scale: { x: "independent" } },
  };
}

function curves({ now, before }: Compared, version: string | undefined) {
  return [
    ...binsOf(now.histogram, ofNow),
    ...(before ? binsOf(before.histogram, ofChampion(version)) : []),
  ];
}

const ofNow = "this data";
const ofChampion = (version: string | undefined) => `champion, version ${version}`;

function steps(title: string | null, version: string | undefined) {
  return {
    mark: { type: "line", interpolate: "step-after" },
    encoding: {
      x: { field: "from", type: "quantitative", title, scale: { zero: false, nice: false } },
      y: { field: "share", type: "quantitative", title: "share" },
      color: {
        field: "of",
        type: "nominal",
        title: null,
        scale: { domain: [ofNow, ofChampion(version)], range: ["#2563eb", "#94a3b8"] },
        ...(version === undefined ? { legend: null } : {}),
      },
    },
  } as const satisfies Partial<PlotSpec>;
}

/** The start of each bin with its share, and the end of the last one. */
function binsOf({ min, max, shares }: InputBaseline["histogram"], of: string) {
  const step = (max - min) / shares.length;
  const starts = shares.map((share, bin) => ({ from: min + bin * step, share, of }));
  return [...starts, { from: max, share: shares.at(-1) ?? 0, of }];
}
