import type { Experiment } from "../store/experiments.ts";
import type { ModelVersion, RegisteredModel } from "../store/registry.ts";
import type { Run } from "../store/runs.ts";
import { shortDigest } from "./format.ts";
import { parseGate, tagValue, wellKnownTags } from "./gate.ts";
import { html, path, type Html } from "./html.ts";
import { aliasBadges, gateBadge, layout, none, runLink, table, timeAgo } from "./layout.ts";
import { runTable } from "./run-table.ts";

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
  readonly versions: readonly ModelVersion[];
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

/** Versions, one a row. */
export function versionTable(versions: readonly ModelVersion[], now: number): Html {
  return table(
    [
      { label: "Version" },
      { label: "Aliases" },
      { label: "Gate" },
      { label: "Package" },
      { label: "Run" },
      { label: "Registered" },
    ],
    versions.map((version) => {
      const digest = tagValue(version.tags, wellKnownTags.digest);
      return [
        html`<strong>${version.version}</strong>`,
        version.aliases.length > 0 ? aliasBadges(version.aliases) : none,
        gateBadge(parseGate(tagValue(version.tags, wellKnownTags.gate))),
        digest ? html`<code title="${digest}">${shortDigest(digest)}</code>` : none,
        version.run_id ? runLink(version.run_id, shortDigest(version.run_id)) : none,
        timeAgo(version.creation_timestamp, now),
      ];
    }),
  );
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
