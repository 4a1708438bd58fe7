import { curveColour } from "../charts/palette.ts";
import type { Run } from "../data/runs.ts";
import { formatNumber } from "../format.ts";
import { html, type Content } from "../html.ts";
import { None } from "../parts/badges.ts";
import { addressOf } from "../route.ts";
import { extremes, type ComparedRow } from "./side-by-side.ts";

/** Values of runs beside each other, one run a column. */
export function CompareTable(props: {
  readonly label: string;
  readonly runs: readonly Run[];
  readonly rows: readonly ComparedRow[];
  readonly numeric?: boolean;
}) {
  const { label, runs, rows, numeric = false } = props;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${label}>
    <table class="compare">
      <thead>
        <tr>
          <th scope="col">${numeric ? "Metric" : "Name"}</th>
          ${runs.map(({ info }, index) => html`<th scope="col" key=${info.run_id}>${runName(info, index)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => (numeric ? numberRow(row) : textRow(row)))}
      </tbody>
    </table>
  </div>`;
}

/** A run's name with the colour that its curves have. */
export function runName(info: Run["info"], index: number): Content {
  return html`<a class="run-name" href=${addressOf.run(info.run_id)}
    ><i style=${{ background: curveColour(index) }}></i>${info.run_name}</a
  >`;
}

function textRow({ key, values, differs }: ComparedRow): Content {
  return html`<tr key=${key} class=${differs ? "differs" : ""}>
    <th scope="row">${key}</th>
    ${values.map((value) => html`<td><span class="written">${value ?? html`<${None} />`}</span></td>`)}
  </tr>`;
}

function numberRow({ key, values }: ComparedRow): Content {
  const { highest, lowest } = extremes(values);
  return html`<tr key=${key}>
    <th scope="row">${key}</th>
    ${values.map((value, index) =>
      value === undefined
        ? html`<td class="number"><${None} /></td>`
        : html`<td class="number" title=${value}>
            ${highest.has(index) ? html`<small title="highest">▲</small>` : null}
            ${lowest.has(index) ? html`<small title="lowest">▽</small>` : null}
            ${formatNumber(Number(value))}
          </td>`,
    )}
  </tr>`;
}
