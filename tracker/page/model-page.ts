import type { Promotion } from "../store/promotions.ts";
import type { RegisteredModel } from "../store/registry.ts";
import { parseGate } from "./gate.ts";
import { html, type Content, type Html } from "./html.ts";
import { aliasBadge, gateBadge, layout, none, table, timeAgo } from "./layout.ts";
import { versionTable, type VersionWithRun } from "./version-table.ts";

/** What a model's page shows. */
export interface ModelDetails {
  readonly model: RegisteredModel;
  /** The latest first. */
  readonly versions: readonly VersionWithRun[];
  /** The latest first. */
  readonly moves: readonly Promotion[];
}

/** A registered model: its versions, what its aliases point to, and how they came to. */
export function modelPage({ model, versions, moves }: ModelDetails, now: number): Html {
  return layout({ title: model.name }, [
    html`<p class="trail"><a href="/">Overview</a></p>`,
    html`<h1>${model.name}</h1>`,
    model.description ? html`<p>${model.description}</p>` : "",
    aliasFacts(model),
    html`<section>
      <h2>Versions</h2>
      ${versions.length > 0 ? versionTable(versions, now) : html`<p class="empty">None yet.</p>`}
    </section>`,
    html`<section>
      <h2>Promotions</h2>
      ${moves.length > 0 ? moveTable(moves, now) : html`<p class="empty">None yet.</p>`}
    </section>`,
  ]);
}

function aliasFacts({ aliases }: RegisteredModel): Content {
  if (aliases.length === 0) return "";
  return html`<dl class="facts">
    ${aliases.map(
      ({ alias, version }) =>
        html`<div>
          <dt>${alias}</dt>
          <dd>version ${version}</dd>
        </div> `,
    )}
  </dl>`;
}

function moveTable(moves: readonly Promotion[], now: number): Html {
  return table(
    [
      { label: "When" },
      { label: "Alias or stage" },
      { label: "From" },
      { label: "To" },
      { label: "Gate" },
      { label: "By" },
    ],
    moves.map((move) => [
      timeAgo(move.timestamp, now),
      move.alias ? aliasBadge(move.alias) : (move.to_stage ?? none),
      move.from_version ? `version ${move.from_version}` : none,
      move.to_version ? `version ${move.to_version}` : html`<em>removed</em>`,
      gateBadge(parseGate(move.gate)),
      move.user ?? move.client ?? none,
    ]),
  );
}
