import { useMemo } from "preact/hooks";
import { CurveChart, type CurveStyle } from "../charts/curve-chart.ts";
import { CurveControls, curveStyleIn } from "../charts/curve-controls.ts";
import { curveColour } from "../charts/palette.ts";
import { chartGroups, mainFirst, pointsOf } from "../charts/points.ts";
import type { Series, RunCurves } from "../data/series.ts";
import { html } from "../html.ts";
import { useQuery } from "../navigation.ts";
import { Empty } from "../parts/states.ts";

/** The curves of a run, one chart each; those with a single value are figures, not curves. */
export function RunCharts(props: {
  readonly curves: RunCurves;
  /** When the run began, in milliseconds since 1970. */
  readonly start: number;
  /** Which metrics are meant. */
  readonly only: (key: string) => boolean;
  /** Those that people look at first, and no more than these. @default all */
  readonly most?: number;
}) {
  const { curves, start, only, most = Infinity } = props;
  const [query, setQuery] = useQuery();
  const style = curveStyleIn(query);
  const drawn = curves.series.filter(({ key, count }) => count > 1 && only(key));
  if (drawn.length === 0) {
    return html`<${Empty} title="No curves: no metric has more than one value." />`;
  }
  const shown = mainFirst(drawn).slice(0, most);
  const byKey = new Map(shown.map((series) => [series.key, series]));
  return html`<${CurveControls} /> ${chartGroups([...byKey.keys()]).map(
      ({ title, keys }) =>
        html`<section class="chart-group" key=${title}>
          ${title ? html`<h3>${title}</h3>` : null}
          <div class="charts">
            ${keys.map(
              (key) =>
                html`<${OneCurve}
                  key=${key}
                  series=${byKey.get(key)}
                  start=${start}
                  style=${style}
                />`,
            )}
          </div>
        </section>`,
    )}
    ${
      shown.length < drawn.length
        ? html`<p class="more">
            <button type="button" class="link" onClick=${() => setQuery({ tab: "curves" })}>
              All ${drawn.length} curves
            </button>
          </p>`
        : null
    }`;
}

function OneCurve(props: {
  readonly series: Series;
  readonly start: number;
  readonly style: CurveStyle;
}) {
  const { series, start } = props;
  const { axis, smoothing, logarithmic } = props.style;
  const style = useMemo(() => ({ axis, smoothing, logarithmic }), [axis, smoothing, logarithmic]);
  const curves = useMemo(
    () => [{ name: series.key, colour: curveColour(0), points: pointsOf(series, axis, start) }],
    [series, axis, start],
  );
  return html`<${CurveChart}
    title=${series.key}
    curves=${curves}
    style=${style}
    group=${`run-${axis}`}
  />`;
}
