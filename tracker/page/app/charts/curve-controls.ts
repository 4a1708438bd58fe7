import { html } from "../html.ts";
import { useQuery } from "../navigation.ts";
import type { CurveStyle } from "./curve-chart.ts";
import { xAxes, type XAxis } from "./points.ts";

const axisNames: Readonly<Record<XAxis, string>> = {
  step: "Step",
  relative: "Time since start",
  time: "Time of day",
};

/** How the address says that curves are drawn. */
export function curveStyleIn(query: URLSearchParams): CurveStyle {
  const smoothing = Number(query.get("smooth") ?? 0);
  return {
    axis: xAxes.find((axis) => axis === query.get("x")) ?? "step",
    smoothing: smoothing > 0 && smoothing < 1 ? smoothing : 0,
    logarithmic: query.get("y") === "log",
  };
}

/** How curves are drawn, for the reader to change; it is kept in the address. */
export function CurveControls() {
  const [query, setQuery] = useQuery();
  const { axis, smoothing, logarithmic } = curveStyleIn(query);
  return html`<div class="controls" role="group" aria-label="How curves are drawn">
    <label>
      <span>Along</span>
      <select
        value=${axis}
        onChange=${(event: Event) => setQuery({ x: valueOf(event) === "step" ? "" : valueOf(event) })}
      >
        ${xAxes.map((one) => html`<option value=${one}>${axisNames[one]}</option>`)}
      </select>
    </label>
    <label>
      <span>Smoothing</span>
      <input
        type="range"
        min="0"
        max="0.98"
        step="0.02"
        value=${smoothing}
        onInput=${(event: Event) => setQuery({ smooth: Number(valueOf(event)) > 0 ? valueOf(event) : "" })}
      />
      <output>${smoothing.toFixed(2)}</output>
    </label>
    <label>
      <input
        type="checkbox"
        checked=${logarithmic}
        onChange=${(event: Event) =>
          setQuery({ y: (event.target as HTMLInputElement).checked ? "log" : "" })}
      />
      <span>Log scale</span>
    </label>
  </div>`;
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement).value;
}
