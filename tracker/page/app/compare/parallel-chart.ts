import type { EChartsOption } from "echarts";
import { useCallback } from "preact/hooks";
import { Chart, type ChartColours } from "../charts/chart.ts";
import { tickText } from "../charts/curve-chart.ts";
import { html } from "../html.ts";
import { namesOf, type Dimension } from "./dimensions.ts";

/** A run as it is drawn beside others. */
export interface DrawnRun {
  readonly name: string;
  readonly colour: string;
}

/** One line for each run across the dimensions; dragging along an axis picks runs out. */
export function ParallelChart(props: {
  readonly runs: readonly DrawnRun[];
  readonly dimensions: readonly Dimension[];
}) {
  const { runs, dimensions } = props;
  const draw = useCallback(
    (colours: ChartColours) => parallelOption(runs, dimensions, colours),
    [runs, dimensions],
  );
  const label = `Parallel coordinates of ${runs.length} runs over ${dimensions.map((one) => one.label).join(", ")}`;
  return html`<div class="tall"><${Chart} label=${label} draw=${draw} /></div>`;
}

/** Parallel coordinates in ECharts' words. */
export function parallelOption(
  runs: readonly DrawnRun[],
  dimensions: readonly Dimension[],
  colours: ChartColours,
): EChartsOption {
  return {
    animation: false,
    parallel: {
      left: 40,
      right: 60,
      top: 44,
      bottom: 20,
      parallelAxisDefault: {
        nameTextStyle: { color: colours.ink, fontSize: 12 },
        nameTruncate: { maxWidth: 110 },
        axisLine: { lineStyle: { color: colours.quiet } },
        axisTick: { lineStyle: { color: colours.quiet } },
        axisLabel: { color: colours.quiet },
        areaSelectStyle: { color: colours.accent, borderColor: colours.accent, opacity: 0.25 },
      },
    },
    parallelAxis: dimensions.map((dimension, index) => ({
      dim: index,
      name: dimension.label,
      ...(dimension.isNumeric
        ? { type: "value" as const, scale: true, axisLabel: { formatter: tickText } }
        : { type: "category" as const, data: namesOf(dimension) }),
    })),
    series: [
      {
        type: "parallel",
        inactiveOpacity: 0.06,
        lineStyle: { width: 2, opacity: 0.85 },
        data: runs.map((run, index) => ({
          name: run.name,
          value: dimensions.map(({ values }) => values[index] ?? "-"),
          lineStyle: { color: run.colour },
        })),
      },
    ],
  };
}
