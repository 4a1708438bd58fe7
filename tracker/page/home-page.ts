import type { Experiment } from "../store/experiments.ts";
import type { RegisteredModel } from "../store/registry.ts";
import type { Run } from "../store/runs.ts";
import { html, path, type Html } from "./html.ts";
import { layout } from "./layout.ts";
import { runTable } from "./run-table.ts";
import { versionTable, type VersionWithRun } from "./version-table.ts";

/** An experiment with its latest runs. */
export interface ExperimentOverview {
  readonly experiment: Experiment;
  readonly runs: readonly Run[];
  /** There are earlier runs than these. */
  readonly hasMore: boolean;
}

/** A registered model with its latest versions. */
export interface ModelOverview {
  readonly model: RegisteredModel;
  readonly versions: readonly VersionWithRun[];
}

/** All at one glance: models and what serves, experiments and how their runs went. */
export function homePage(
  experiments: readonly ExperimentOverview[],
  models: readonly ModelOverview[],
  now: number,
): Html {
  const running = experiments.some(({ runs }) => runs.some(isRunning));
  return layout({ title: "Overview", refreshSeconds: running ? 10 : undefined }, [
    html`<h1>Models</h1>`,
    models.length === 0 ? html`<p class="empty">No model is registered yet.</p>` : "",
    models.map((overview) => modelSection(overview, now)),
    html`<h1>Experiments</h1>`,
    experiments.map((overview) => experimentSection(overview, now)),
  ]);
}

/** A run that is still going on. */
export function isRunning(run: Run): boolean {
  return run.info.status === "RUNNING";
}

function modelSection({ model, versions }: ModelOverview, now: number): Html {
  return html`<section>
    <h2><a href="${path("models", model.name)}">${model.name}</a></h2>
    ${model.description ? html`<p>${model.description}</p>` : ""}
    ${versions.length > 0 ? versionTable(versions, now) : html`<p class="empty">No versions.</p>`}
  </section>`;
}

function experimentSection({ experiment, runs, hasMore }: ExperimentOverview, now: number): Html {
  const address = path("experiments", experiment.experiment_id);
  return html`<section>
    <h2><a href="${address}">${experiment.name}</a></h2>
    ${runs.length > 0 ? runTable(runs, now) : html`<p class="empty">No runs yet.</p>`}
    ${hasMore ? html`<p><a href="${address}">All runs of ${experiment.name}</a></p>` : ""}
  </section>`;
}
