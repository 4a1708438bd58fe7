import type { Promotion } from "../data/registry.ts";
import { parseGate } from "../gate.ts";
import { html, type Content } from "../html.ts";
import { Ago, AliasBadge, DigestCode, GateBadge, None } from "../parts/badges.ts";
import { GateTable } from "../parts/gate-table.ts";
import { Empty } from "../parts/states.ts";
import { addressOf } from "../route.ts";

/** Who moved which alias or stage from where to where, when, and what the gate had said. */
export function PromotionTable(props: {
  readonly moves: readonly Promotion[];
  /** Whether to say of which model each is. */
  readonly withModel?: boolean;
}) {
  const { moves, withModel = false } = props;
  if (moves.length === 0) {
    return html`<${Empty} title="No alias has been moved yet." />`;
  }
  return html`<table class="list">
    <thead>
      <tr>
        <th scope="col">When</th>
        ${withModel ? html`<th scope="col">Model</th>` : null}
        <th scope="col">What</th>
        <th scope="col">From</th>
        <th scope="col">To</th>
        <th scope="col">Gate</th>
        <th scope="col">Package</th>
        <th scope="col">By</th>
        <th scope="col">Why</th>
      </tr>
    </thead>
    <tbody>
      ${moves.map((move) => promotionRow(move, withModel))}
    </tbody>
  </table>`;
}

function promotionRow(move: Promotion, withModel: boolean): Content {
  const { name, alias, from_version, to_version, from_stage, to_stage } = move;
  const from = alias ? versionLink(name, from_version) : (from_stage ?? html`<${None} />`);
  const to = alias ? versionLink(name, to_version) : (to_stage ?? html`<${None} />`);
  return html`<tr key=${move.move_id}>
    <td data-label="When"><${Ago} time=${move.timestamp} /></td>
    ${
      withModel
        ? html`<td data-label="Model">
            <a class="main" href=${addressOf.model(name)}>${name}</a>
          </td>`
        : null
    }
    <td data-label="What">
      ${alias ? html`<${AliasBadge} alias=${alias} />` : html`stage of ${versionLink(name, to_version)}`}
    </td>
    <td data-label="From">${from}</td>
    <td data-label="To">${to_version || to_stage ? to : html`<em class="quiet">removed</em>`}</td>
    <td data-label="Gate">${gateCell(move)}</td>
    <td data-label="Package"><${DigestCode} digest=${move.digest} /></td>
    <td data-label="By" title=${move.client ?? ""}>
      ${move.user ?? shortClient(move.client) ?? html`<${None} />`}
    </td>
    <td data-label="Why" class="why">${move.reason ?? causeInWords(move.cause)}</td>
  </tr>`;
}

/** The program without what follows its name: `Mozilla/5.0 (…)` is a browser. */
export function shortClient(client: string | undefined): string | undefined {
  if (!client) return undefined;
  return client.startsWith("Mozilla/") ? "browser" : client.split(" ")[0];
}

const causes: Readonly<Record<string, string>> = {
  archived: "another version took the stage",
  "version-deleted": "the version was deleted",
  "model-deleted": "the model was deleted",
  "model-renamed": "the model was renamed",
};

function causeInWords(cause: string | undefined): Content {
  return causes[cause ?? ""] ?? html`<${None} />`;
}

function gateCell({ gate, gate_table }: Promotion): Content {
  const note = parseGate(gate, gate_table);
  if (!note || note.rules.length === 0) return html`<${GateBadge} verdict=${note?.verdict} />`;
  return html`<details class="gate-details">
    <summary><${GateBadge} verdict=${note.verdict} /></summary>
    <${GateTable} rules=${note.rules} />
  </details>`;
}

function versionLink(name: string, version: string | undefined): Content {
  if (version === undefined) return html`<${None} />`;
  return html`<a href=${addressOf.version(name, version)}>v${version}</a>`;
}
