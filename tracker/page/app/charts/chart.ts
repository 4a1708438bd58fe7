import type { ECharts, EChartsOption } from "echarts";
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.ts";
import { colour, useThemeChanges } from "../theme.ts";

/** The style sheet's colours, for what is drawn on a canvas. */
export interface ChartColours {
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly card: string;
  readonly accent: string;
}

/** What a chart draws; it is drawn again whenever `draw` is another function. */
export interface ChartProps {
  /** What the chart shows, in words, for those who cannot see it. */
  readonly label: string;
  readonly draw: (colours: ChartColours) => EChartsOption;
  /** Charts of one group show the same place of their axes. */
  readonly group?: string;
  onReady?(chart: ECharts): void;
}

/** A chart. The library is fetched when the first one comes into view. */
export function Chart({ label, draw, group, onReady }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<ECharts>();
  const theme = useThemeChanges();
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let drawn: ECharts | undefined;
    let isGone = false;
    const stopWaiting = whenVisible(element, async () => {
      const echarts = await import("echarts");
      if (isGone) return;
      drawn = echarts.init(element, null, { renderer: "canvas" });
      if (group) {
        drawn.group = group;
        echarts.connect(group);
      }
      onReady?.(drawn);
      setChart(drawn);
    });
    const observer = new ResizeObserver(() => drawn?.resize());
    observer.observe(element);
    return () => {
      isGone = true;
      stopWaiting();
      observer.disconnect();
      drawn?.dispose();
    };
  }, []);
  useEffect(() => {
    chart?.setOption(draw(chartColours()), { notMerge: true });
  }, [chart, draw, theme]);
  return html`<div class="chart" ref=${frame} role="img" aria-label=${label}></div>`;
}

/** Calls once the element is seen, or nearly. */
function whenVisible(element: Element, call: () => void): () => void {
  const observer = new IntersectionObserver(
    ([entry]) => {
      if (!entry?.isIntersecting) return;
      observer.disconnect();
      call();
    },
    { rootMargin: "300px" },
  );
  observer.observe(element);
  return () => observer.disconnect();
}

function chartColours(): ChartColours {
  return {
    ink: colour("ink"),
    quiet: colour("quiet"),
    line: colour("line"),
    card: colour("card"),
    accent: colour("accent"),
  };
}
