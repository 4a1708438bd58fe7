import { fetchPromotions } from "../data/registry.ts";
import { html } from "../html.ts";
import { PromotionTable } from "../model/promotion-table.ts";
import { PageHead } from "../parts/page-head.ts";
import { whenLoaded } from "../parts/states.ts";
import { useData } from "../use-data.ts";

/** Every promotion of every model, the latest first. */
export function PromotionsPage() {
  const loaded = useData("promotions", (signal) => fetchPromotions(undefined, signal));
  return html`<${PageHead} title="Promotions" />
    <p class="quiet">
      Who moved which alias from which version to which, and what the gate had said.
    </p>
    ${whenLoaded(
      loaded,
      (moves) =>
        html`<section class="card">
          <${PromotionTable} moves=${moves} withModel=${true} />
        </section>`,
    )}`;
}
