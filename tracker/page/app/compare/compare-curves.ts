import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { CurveChart, type Curve } from "../charts/curve-chart.ts";
import { CurveControls, curveStyleIn } from "../charts/curve-controls.ts";
import { curveColour, curveDashes } from "../charts/palette.ts";
import { chartGroups, pointsOf, type XAxis } from "../charts/points.ts";
import type { Run } from "../data/runs.ts";
import { fetchCurves, type RunCurves } from "../data/series.ts";
import { html } from "../html.ts";
import { useLocation } from "../navigation.ts";
import { Empty, whenLoaded } from "../parts/states.ts";
import { metricsWithSteps } from "./side-by-side.ts";
import { useData } from "../use-data.ts";

/** The curves of runs over each other, one chart for each metric. */
export function CompareCurves({ runs }: { readonly runs: readonly Run[] }) {
  const { query } = useLocation();
  const { axis, smoothing, logarithmic } = curveStyleIn(query);
  const style = useMemo(() => ({ axis, smoothing, logarithmic }), [axis, smoothing, logarithmic]);
  const keys = metricsWithSteps(runs);
  if (keys.length === 0) {
    return html`<${Empty} title="No curves: no metric of these runs has more than one step." />`;
  }
  return html`<${CurveControls} /> ${chartGroups(keys).map(
      ({ title, keys: grouped }) =>
        html`<section class="chart-group" key=${title}>
          ${title ? html`<h3>${title}</h3>` : null}
          <div class="charts">
            ${grouped.map(
              (key) =>
                html`<${MetricOfRuns} key=${key} metric=${key} runs=${runs} style=${style} />`,
            )}
          </div>
        </section>`,
    )}`;
}

/** A metric's curves are fetched when its chart comes into view, and again when one has grown. */
function MetricOfRuns(props: {
  readonly metric: string;
  readonly runs: readonly Run[];
  readonly style: ReturnType<typeof curveStyleIn>;
}) {
  const { metric, runs, style } = props;
  const [isSeen, frame] = useSeen();
  const having = runs.filter(({ data }) => data.metrics?.some(({ key }) => key === metric));
  const key = JSON.stringify([metric, having.map(({ info }) => info.run_id)]);
  const latest = having.map(
    ({ data }) => data.metrics?.find((one) => one.key === metric)?.timestamp,
  );
  const loaded = useData(isSeen ? key : undefined, (signal) =>
    fetchCurves(
      having.map(({ info }) => ({ run_id: info.run_id, metric_keys: [metric] })),
      signal,
    ),
  );
  useEffect(() => {
    if (isSeen) loaded.reload();
  }, [latest.join(" ")]);
  const curves = useMemo(
    () => curvesOf(runs, loaded.data ?? [], style.axis),
    [runs, loaded.data, style.axis],
  );
  // A metric that no run has more than one value of has its place in the table of metrics.
  if (loaded.data?.every(({ series }) => series.every(({ count }) => count < 2))) return null;
  return html`<div ref=${frame} class="seen">
    ${whenLoaded(
      loaded,
      () =>
        html`<${CurveChart}
          title=${metric}
          curves=${curves}
          style=${style}
          group=${`compare-${style.axis}`}
        />`,
    )}
  </div>`;
}

function curvesOf(runs: readonly Run[], found: readonly RunCurves[], axis: XAxis): Curve[] {
  const byRun = new Map(found.map((curves) => [curves.run_id, curves.series[0]]));
  return runs.flatMap(({ info }, index) => {
    const series = byRun.get(info.run_id);
    if (!series) return [];
    return [
      {
        name: info.run_name,
        colour: curveColour(index),
        dashes: curveDashes(index),
        points: pointsOf(series, axis, info.start_time),
      },
    ];
  });
}

function useSeen(): readonly [boolean, { readonly current: HTMLElement | null }] {
  const frame = useRef<HTMLElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (!frame.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return;
        setSeen(true);
        observer.disconnect();
      },
      { rootMargin: "300px" },
    );
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  return [isSeen, frame];
}
