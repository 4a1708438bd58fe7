import { formatNumber } from "../format.ts";
import type { GateRule } from "../gate.ts";
import { html } from "../html.ts";
import { GateBadge } from "./badges.ts";

/** The gate's rules with what was reached. */
export function GateTable({ rules }: { readonly rules: readonly GateRule[] }) {
  return html`<table class="list">
    <thead>
      <tr>
        <th scope="col">Rule</th>
        <th scope="col" class="number">Value</th>
        <th scope="col" class="number">Limit</th>
        <th scope="col">Verdict</th>
      </tr>
    </thead>
    <tbody>
      ${rules.map(
        ({ rule, value, limit, verdict, reason }) =>
          html`<tr title=${reason ?? ""}>
            <th scope="row">${rule}</th>
            <td class="number" data-label="Value">${formatNumber(value)}</td>
            <td class="number" data-label="Limit">
              ${rule.startsWith("max") ? "≤" : "≥"} ${formatNumber(limit)}
            </td>
            <td data-label="Verdict"><${GateBadge} verdict=${verdict} /></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
