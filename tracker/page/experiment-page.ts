import type { Experiment } from "../store/experiments.ts";
import type { Run } from "../store/runs.ts";
import { isRunning } from "./home-page.ts";
import { html, path, type Html } from "./html.ts";
import { layout } from "./layout.ts";
import { runTable } from "./run-table.ts";

/** One page of an experiment's runs, the latest first. */
export function experimentPage(
  experiment: Experiment,
  runs: readonly Run[],
  { nextPageToken, now }: { readonly nextPageToken?: string | undefined; readonly now: number },
): Html {
  const older = `${path("experiments", experiment.experiment_id)}?page_token=${encodeURIComponent(nextPageToken ?? "")}`;
  return layout({ title: experiment.name, refreshSeconds: runs.some(isRunning) ? 10 : undefined }, [
    html`<p class="trail"><a href="/">Overview</a></p>`,
    html`<h1>${experiment.name}</h1>`,
    html`<section>
      ${runs.length > 0 ? runTable(runs, now) : html`<p class="empty">No runs yet.</p>`}
      ${nextPageToken ? html`<p><a href="${older}" rel="next">Older runs</a></p>` : ""}
    </section>`,
  ]);
}
