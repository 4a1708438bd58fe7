import type { EChartsOption } from "echarts";
import { useCallback } from "preact/hooks";
import { Chart, type ChartColours } from "../charts/chart.ts";
import { tickText } from "../charts/curve-chart.ts";
import { tooltip } from "../charts/tooltip.ts";
import { html } from "../html.ts";
import { namesOf, type Dimension } from "./dimensions.ts";
import type { DrawnRun } from "./parallel-chart.ts";

interface ScatterProps {
  readonly runs: readonly DrawnRun[];
  readonly x: Dimension;
  readonly y: Dimension;
}

/** One point for each run, over two dimensions. */
export function ScatterChart({ runs, x, y }: ScatterProps) {
  const draw = useCallback(
    (colours: ChartColours) => scatterOption({ runs, x, y }, colours),
    [runs, x, y],
  );
  const label = `${y.label} over ${x.label} of ${runs.length} runs`;
  return html`<div class="tall"><${Chart} label=${label} draw=${draw} /></div>`;
}

/** A scatter plot in ECharts' words. */
export function scatterOption({ runs, x, y }: ScatterProps, colours: ChartColours): EChartsOption {
  return {
    animation: false,
    grid: { left: 10, right: 24, top: 34, bottom: 30, containLabel: true },
    xAxis: { ...axisOf(x, colours), nameLocation: "middle", nameGap: 28 },
    yAxis: { ...axisOf(y, colours), nameLocation: "end" },
    tooltip: {
      trigger: "item",
      padding: 0,
      borderWidth: 0,
      backgroundColor: "transparent",
      extraCssText: "box-shadow: none",
      formatter: (found: unknown) => pointTooltip(found as PointHit, x, y),
    },
    series: [
      {
        type: "scatter",
        symbolSize: 13,
        data: runs.flatMap((run, index) => {
          const [along, up] = [x.values[index], y.values[index]];
          if (along === undefined || up === undefined) return [];
          return [{ name: run.name, value: [along, up], itemStyle: { color: run.colour } }];
        }),
      },
    ],
  };
}

interface PointHit {
  readonly name: string;
  readonly color?: string;
  readonly value: readonly (number | string)[];
}

function pointTooltip({ name, color = "", value }: PointHit, x: Dimension, y: Dimension) {
  return tooltip(name, [
    { colour: color, name: x.label, value: String(value[0]) },
    { colour: color, name: y.label, value: String(value[1]) },
  ]);
}

function axisOf(dimension: Dimension, colours: ChartColours) {
  const look = {
    name: dimension.label,
    nameTextStyle: { color: colours.ink },
    axisLine: { lineStyle: { color: colours.line } },
    splitLine: { lineStyle: { color: colours.line, opacity: 0.6 } },
  };
  return dimension.isNumeric
    ? {
        ...look,
        type: "value" as const,
        scale: true,
        axisLabel: { color: colours.quiet, formatter: tickText },
      }
    : {
        ...look,
        type: "category" as const,
        data: namesOf(dimension),
        axisLabel: { color: colours.quiet },
      };
}
