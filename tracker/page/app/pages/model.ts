import { fetchCard, type Card } from "../data/package.ts";
import {
  describeModel,
  fetchModel,
  fetchPromotions,
  fetchVersions,
  renameModel,
  type ModelVersion,
  type Promotion,
  type RegisteredModel,
} from "../data/registry.ts";
import { gateOf } from "../gate.ts";
import { html } from "../html.ts";
import { AliasEditor } from "../model/alias-editor.ts";
import { GateMatrix, type JudgedVersion } from "../model/gate-matrix.ts";
import { PromotionTable } from "../model/promotion-table.ts";
import { TimelineView } from "../model/timeline-view.ts";
import { VersionTable } from "../model/version-table.ts";
import { navigate } from "../navigation.ts";
import { EditableTitle } from "../parts/editable-title.ts";
import { Notes } from "../parts/notes.ts";
import { PageHead } from "../parts/page-head.ts";
import { Empty, whenFound } from "../parts/states.ts";
import { addressOf } from "../route.ts";
import { useData } from "../use-data.ts";

/** Versions whose cards are fetched for the gate's table. */
const judgedVersions = 8;

interface Details {
  readonly model: RegisteredModel;
  readonly versions: readonly ModelVersion[];
  readonly moves: readonly Promotion[];
}

/** A registered model: its versions, what its aliases stand for, and how they came to. */
export function ModelPage({ name }: { readonly name: string }) {
  const loaded = useData(`model ${name}`, async (signal): Promise<Details> => {
    const [model, versions, moves] = await Promise.all([
      fetchModel(name, signal),
      fetchVersions(name, signal),
      fetchPromotions(name, signal),
    ]);
    return { model, versions, moves };
  });
  const rename = async (to: string) => {
    await renameModel(name, to);
    navigate(addressOf.model(to), { replace: true });
  };
  return whenFound(loaded, ({ model, versions, moves }) => {
    const { reload } = loaded;
    return html`<${PageHead}
        title=${name}
        heading=${html`<${EditableTitle} text=${name} what="model" onSave=${rename} />`}
        crumbs=${[{ label: "Models", href: "/models" }]}
      />
      <${Notes}
        text=${model.description ?? ""}
        onSave=${(text: string) => describeModel(name, text).then(reload)}
      />
      ${
        versions.length === 0
          ? html`<${Empty} title="No versions yet." />`
          : html`<section class="card">
                <h2>Timeline</h2>
                <${TimelineView} versions=${versions} moves=${moves} />
                <${AliasEditor} model=${model} versions=${versions} onChanged=${reload} />
              </section>
              <${VersionsAndGates} versions=${versions} />`
      }
      <section class="card">
        <h2>Promotions</h2>
        <${PromotionTable} moves=${moves} />
      </section>`;
  });
}

/** A version with its card, where its package has one. */
export interface VersionWithCard {
  readonly version: ModelVersion;
  readonly card?: Card | undefined;
}

function VersionsAndGates({ versions }: { readonly versions: readonly ModelVersion[] }) {
  const key = versions.map(({ name, version }) => `${name}/${version}`).join(" ");
  const cards = useData(key, (signal) =>
    Promise.all(
      versions.slice(0, judgedVersions).map(async (version): Promise<VersionWithCard> => {
        // A card that cannot be had leaves gaps, not a page without versions.
        const card = await fetchCard(version, signal).catch(() => undefined);
        return { version, card };
      }),
    ),
  );
  const byNumber = new Map(cards.data?.map(({ version, card }) => [version.version, card]));
  const judged = (cards.data ?? []).flatMap(judgedVersion);
  return html`<section class="card">
      <h2>Versions</h2>
      <${VersionTable} versions=${versions} cards=${byNumber} />
    </section>
    ${
      judged.length > 0
        ? html`<section class="card">
            <h2>Gate</h2>
            <${GateMatrix} versions=${judged} />
          </section>`
        : null
    }`;
}

function judgedVersion({ version, card }: VersionWithCard): JudgedVersion[] {
  const gate = card?.gate ?? gateOf(version.tags);
  if (!gate || gate.rules.length === 0) return [];
  return [{ name: version.name, version: version.version, gate }];
}
