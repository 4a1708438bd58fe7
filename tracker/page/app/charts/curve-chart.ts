import type { EChartsOption, LineSeriesOption } from "echarts";
import { useCallback } from "preact/hooks";
import { formatDuration, formatNumber, formatTime } from "../format.ts";
import { html } from "../html.ts";
import { Chart, type ChartColours } from "./chart.ts";
import { inWords, positive, smoothed, type Point, type XAxis } from "./points.ts";
import { tooltip } from "./tooltip.ts";

/** A line in a chart. */
export interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly dashes?: "solid" | "dashed" | "dotted";
  readonly points: readonly Point[];
}

/** How curves are drawn. */
export interface CurveStyle {
  readonly axis: XAxis;
  /** From 0 to below 1. */
  readonly smoothing: number;
  readonly logarithmic: boolean;
}

/** One metric over steps or time, of one run or of several. */
export function CurveChart(props: {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly style: CurveStyle;
  /** Charts of a page that point at the same place together. */
  readonly group?: string;
}) {
  const { title, curves, style, group } = props;
  const draw = useCallback(
    (colours: ChartColours) => curveOption(curves, style, colours),
    [curves, style],
  );
  const words = curves.map(({ name, points }) => inWords(name, points, formatNumber)).join("; ");
  const [only] = curves;
  const latest = curves.length === 1 ? only?.points.at(-1)?.[1] : undefined;
  return html`<figure class="curve">
    <figcaption>
      <span title=${title}>${title}</span>
      ${latest === undefined ? null : html`<b>${formatNumber(latest)}</b>`}
    </figcaption>
    <${Chart} label=${`${title}. ${words}`} draw=${draw} group=${group} />
  </figure>`;
}

/** Curves in ECharts' words. */
export function curveOption(
  curves: readonly Curve[],
  style: CurveStyle,
  colours: ChartColours,
): EChartsOption {
  const axis = {
    axisLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.quiet, hideOverlap: true },
    splitLine: { lineStyle: { color: colours.line, opacity: 0.6 } },
  };
  return {
    animation: false,
    grid: { left: 6, right: 14, top: 12, bottom: 4, containLabel: true },
    xAxis: {
      ...axis,
      type: style.axis === "time" ? "time" : "value",
      min: "dataMin",
      max: "dataMax",
      minInterval: style.axis === "step" ? 1 : 0,
      splitLine: { show: false },
      axisLabel: { ...axis.axisLabel, formatter: axisFormat(style.axis) },
    },
    yAxis: {
      ...axis,
      type: style.logarithmic ? "log" : "value",
      scale: true,
      axisLabel: { ...axis.axisLabel, formatter: (value: number) => tickText(value) },
    },
    tooltip: {
      trigger: "axis",
      confine: true,
      padding: 0,
      borderWidth: 0,
      backgroundColor: "transparent",
      extraCssText: "box-shadow: none",
      axisPointer: { type: "line", lineStyle: { color: colours.quiet } },
      formatter: (found: unknown) => curveTooltip(found as readonly Hit[], style.axis),
    },
    dataZoom: [{ type: "inside", filterMode: "none", zoomOnMouseWheel: "ctrl" }],
    series: curves.flatMap((curve) => linesOf(curve, style)),
  };
}

function linesOf({ name, colour, dashes, points }: Curve, style: CurveStyle): LineSeriesOption[] {
  const shown = style.logarithmic ? positive(points) : points;
  const line = {
    type: "line" as const,
    name,
    color: colour,
    symbolSize: 5,
    showSymbol: shown.length < 2,
    emphasis: { disabled: true },
    lineStyle: { width: 1.8, type: dashes ?? ("solid" as const) },
  };
  if (style.smoothing <= 0) return [{ ...line, data: shown.map(([x, y]) => [x, y]) }];
  const raw = {
    ...line,
    silent: true,
    tooltip: { show: false },
    lineStyle: { ...line.lineStyle, width: 1, opacity: 0.25 },
    data: shown.map(([x, y]) => [x, y]),
  };
  return [raw, { ...line, data: smoothed(shown, style.smoothing).map(([x, y]) => [x, y]) }];
}

/** What ECharts says of a point below the mouse. */
interface Hit {
  readonly seriesName?: string;
  readonly color?: string;
  readonly value: readonly [number, number];
}

function curveTooltip(hits: readonly Hit[], axis: XAxis): HTMLElement {
  const x = hits[0]?.value[0] ?? 0;
  const titles = {
    step: `step ${formatNumber(x)}`,
    relative: formatDuration(x * 1000),
    time: formatTime(x),
  };
  const lines = hits.map(({ seriesName = "", color = "", value }) => ({
    colour: color,
    name: seriesName,
    value: formatNumber(value[1]),
  }));
  // With smoothing the raw values come first and the smoothed ones after them: those are meant.
  const byName = new Map(lines.map((line) => [line.name, line]));
  return tooltip(titles[axis], [...byName.values()]);
}

function axisFormat(axis: XAxis): ((value: number) => string) | undefined {
  if (axis === "time") return undefined;
  return axis === "relative" ? (value) => formatDuration(value * 1000) : tickText;
}

/** Short, as ticks have little room: `12k`, `0.05`, `1e-4`. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-3) return value.toExponential(0);
  if (size < 10_000) return String(Number(value.toPrecision(4)));
  return Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(value);
}
