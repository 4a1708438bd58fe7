import { html } from "../html.ts";
import { PageHead } from "../parts/page-head.ts";

/** What an address shows that leads to no page. */
export function NowherePage() {
  return html`<${PageHead} title="Not here" />
    <p>There is no such page. <a href="/">To the experiments</a></p>`;
}
