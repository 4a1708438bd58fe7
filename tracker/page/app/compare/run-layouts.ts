import { useMemo } from "preact/hooks";
import { curveColour } from "../charts/palette.ts";
import type { Run } from "../data/runs.ts";
import { html } from "../html.ts";
import { useQuery } from "../navigation.ts";
import { Empty } from "../parts/states.ts";
import { formatColumns, parseColumns } from "../runs/columns.ts";
import { dimensionsOf, suggestedAxes, suggestedDimensions, type Dimension } from "./dimensions.ts";
import { ParallelChart } from "./parallel-chart.ts";
import { ScatterChart } from "./scatter-chart.ts";

/** Runs as lines across axes; which axes is in the address. */
export function ParallelLayout({ runs }: { readonly runs: readonly Run[] }) {
  const [query, setQuery] = useQuery();
  const all = useMemo(() => dimensionsOf(runs), [runs]);
  const chosen = parseColumns(query.get("axes")) ?? suggestedDimensions(all);
  const dimensions = useMemo(
    () => chosen.flatMap((id) => all.find((one) => one.id === id) ?? []),
    [all, chosen.join("\n")],
  );
  const drawn = useDrawn(runs);
  const toggle = (id: string) =>
    setQuery({
      axes: formatColumns(
        chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id],
      ),
    });
  return html`<details class="chips">
      <summary>Axes</summary>
      <div>
        ${all.map(
          ({ id, label }) =>
            html`<label key=${id} class="chip">
              <input type="checkbox" checked=${chosen.includes(id)} onChange=${() => toggle(id)} />
              ${label}
            </label>`,
        )}
      </div>
    </details>
    ${
      dimensions.length < 2
        ? html`<${Empty}
            title="Two axes at least are needed: these runs differ in fewer values."
          />`
        : html`<${ParallelChart} runs=${drawn} dimensions=${dimensions} />
            <p class="quiet hint">Drag along an axis to pick runs out; click it to let go.</p>`
    }`;
}

/** Runs as points; what lies along and what upwards is in the address. */
export function ScatterLayout({ runs }: { readonly runs: readonly Run[] }) {
  const [query, setQuery] = useQuery();
  const all = useMemo(() => dimensionsOf(runs), [runs]);
  const suggested = suggestedAxes(all);
  const x = all.find(({ id }) => id === (query.get("sx") ?? suggested.x));
  const y = all.find(({ id }) => id === (query.get("sy") ?? suggested.y));
  const drawn = useDrawn(runs);
  if (!x || !y) return html`<${Empty} title="These runs have no values to lay out." />`;
  return html`<div class="controls" role="group" aria-label="Axes">
      ${axisChoice("Along", x, all, (id) => setQuery({ sx: id }))}
      ${axisChoice("Upwards", y, all, (id) => setQuery({ sy: id }))}
    </div>
    <${ScatterChart} runs=${drawn} x=${x} y=${y} />`;
}

function useDrawn(runs: readonly Run[]) {
  return useMemo(
    () => runs.map(({ info }, index) => ({ name: info.run_name, colour: curveColour(index) })),
    [runs],
  );
}

function axisChoice(
  label: string,
  current: Dimension,
  all: readonly Dimension[],
  onChoose: (id: string) => void,
) {
  return html`<label>
    <span>${label}</span>
    <select
      value=${current.id}
      onChange=${(event: Event) => onChoose((event.target as HTMLSelectElement).value)}
    >
      ${all.map(({ id, label: name }) => html`<option key=${id} value=${id}>${name}</option>`)}
    </select>
  </label>`;
}
