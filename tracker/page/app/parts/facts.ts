import { html, type Content } from "../html.ts";

/** Short facts side by side; what is not known is left out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, Content])[] }) {
  const known = facts.filter(([, value]) => value !== undefined && value !== "" && value !== null);
  return html`<dl class="facts">
    ${known.map(
      ([name, value]) =>
        html`<div key=${name}>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
