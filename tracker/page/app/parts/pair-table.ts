import { useState } from "preact/hooks";
import type { Pair } from "../data/runs.ts";
import { html } from "../html.ts";

/** Names and values; with many of them a field to find one. */
export function PairTable({
  pairs,
  label,
}: {
  readonly pairs: readonly Pair[];
  readonly label: string;
}) {
  const [text, setText] = useState("");
  const wanted = text.toLowerCase();
  const found = pairs.filter(
    ({ key, value }) => key.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted),
  );
  return html`${
      pairs.length > 20
        ? html`<input
            type="search"
            placeholder="Find"
            aria-label=${`Find in ${label}`}
            value=${text}
            onInput=${(event: InputEvent) => setText((event.target as HTMLInputElement).value)}
          />`
        : null
    }
    <table class="pairs" aria-label=${label}>
      <tbody>
        ${found.map(
          ({ key, value }) =>
            html`<tr key=${key}>
              <th scope="row">${key}</th>
              <td><span class="written">${value}</span></td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}
