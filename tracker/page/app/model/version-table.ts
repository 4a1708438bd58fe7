import type { Card } from "../data/package.ts";
import type { ModelVersion } from "../data/registry.ts";
import { tagValue } from "../data/runs.ts";
import { formatNumber } from "../format.ts";
import { gateOf, gateTags } from "../gate.ts";
import { html, type Content } from "../html.ts";
import { Ago, AliasBadge, DigestCode, GateBadge, None } from "../parts/badges.ts";
import { addressOf } from "../route.ts";

/** Metrics that are shown of each version, where its card has them. */
const shownMetrics = ["accuracy", "f1", "r2", "rmse"];

/** The versions of a model, one a row. */
export function VersionTable(props: {
  readonly versions: readonly ModelVersion[];
  /** By version. */
  readonly cards: ReadonlyMap<string, Card | undefined>;
}) {
  const { versions, cards } = props;
  const metrics = shownMetrics.filter((key) =>
    [...cards.values()].some((card) => card && key in card.metrics),
  );
  const hasStages = versions.some(({ current_stage = "None" }) => current_stage !== "None");
  return html`<table class="list">
    <thead>
      <tr>
        <th scope="col">Version</th>
        <th scope="col">Aliases</th>
        ${hasStages ? html`<th scope="col">Stage</th>` : null}
        <th scope="col">Gate</th>
        ${metrics.map((key) => html`<th scope="col" class="number">${key}</th>`)}
        <th scope="col">Package</th>
        <th scope="col">Run</th>
        <th scope="col">Registered</th>
      </tr>
    </thead>
    <tbody>
      ${versions.map((version) =>
        versionRow(version, cards.get(version.version), { metrics, hasStages }),
      )}
    </tbody>
  </table>`;
}

function versionRow(
  of: ModelVersion,
  card: Card | undefined,
  shown: { readonly metrics: readonly string[]; readonly hasStages: boolean },
): Content {
  const { name, version, aliases = [], tags, run_id, current_stage } = of;
  return html`<tr key=${version}>
    <td><a class="main" href=${addressOf.version(name, version)}>Version ${version}</a></td>
    <td data-label="Aliases">
      ${
        aliases.length > 0
          ? aliases.map((alias) => html`<${AliasBadge} alias=${alias} /> `)
          : html`<${None} />`
      }
    </td>
    ${shown.hasStages ? html`<td data-label="Stage">${current_stage}</td>` : null}
    <td data-label="Gate">
      <${GateBadge} verdict=${gateOf(tags)?.verdict ?? card?.gate?.verdict} />
    </td>
    ${shown.metrics.map(
      (key) => html`<td class="number" data-label=${key}>${figure(card?.metrics[key])}</td>`,
    )}
    <td data-label="Package"><${DigestCode} digest=${tagValue(tags, gateTags.digest)} /></td>
    <td data-label="Run">
      ${run_id ? html`<a href=${addressOf.run(run_id)}><code>${run_id.slice(0, 8)}</code></a>` : html`<${None} />`}
    </td>
    <td data-label="Registered"><${Ago} time=${of.creation_timestamp} /></td>
  </tr>`;
}

function figure(value: number | undefined): Content {
  return value === undefined ? html`<${None} />` : formatNumber(value);
}
