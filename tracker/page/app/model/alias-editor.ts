import { useState } from "preact/hooks";
import {
  deleteAlias,
  setAlias,
  type ModelVersion,
  type RegisteredModel,
} from "../data/registry.ts";
import { gateOf, gateTags } from "../gate.ts";
import { tagValue } from "../data/runs.ts";
import { html, type Content } from "../html.ts";
import { AliasBadge, DigestCode, GateBadge } from "../parts/badges.ts";
import { Dialog } from "../parts/dialog.ts";

interface Change {
  readonly alias: string;
  /** Undefined: the alias goes away. */
  readonly to?: ModelVersion | undefined;
}

/** The aliases of a model, to be pointed to other versions after a look at what that does. */
export function AliasEditor(props: {
  readonly model: RegisteredModel;
  readonly versions: readonly ModelVersion[];
  onChanged(): void;
}) {
  const { model, versions, onChanged } = props;
  const [change, setChange] = useState<Change>();
  return html`<ul class="aliases" aria-label="Aliases">
      ${(model.aliases ?? []).map(
        (one) =>
          html`<li key=${one.alias}>
            <${AliasBadge} alias=${one.alias} /> version ${one.version}
            <button
              type="button"
              class="icon quiet"
              aria-label=${`Remove the alias ${one.alias}`}
              onClick=${() => setChange({ alias: one.alias })}
            >
              ✕
            </button>
          </li>`,
      )}
    </ul>
    <${AliasForm} versions=${versions} onAsk=${setChange} />
    ${
      change
        ? html`<${Confirmation}
            model=${model}
            versions=${versions}
            change=${change}
            onClose=${() => setChange(undefined)}
            onChanged=${onChanged}
          />`
        : null
    }`;
}

function AliasForm(props: {
  readonly versions: readonly ModelVersion[];
  onAsk(change: Change): void;
}) {
  const { versions, onAsk } = props;
  const [alias, setName] = useState("champion");
  const [number, setNumber] = useState<string>();
  const chosen = versions.find(({ version }) => version === (number ?? versions[0]?.version));
  const ask = (event: Event) => {
    event.preventDefault();
    if (chosen && alias.trim()) onAsk({ alias: alias.trim().replace(/^@/, ""), to: chosen });
  };
  return html`<form class="alias-form" onSubmit=${ask}>
    <label>
      Point
      <input
        aria-label="Alias"
        value=${alias}
        list="known-aliases"
        onInput=${(event: Event) => setName(valueOf(event))}
      />
    </label>
    <datalist id="known-aliases">
      ${["champion", "challenger"].map((name) => html`<option value=${name}></option>`)}
    </datalist>
    <label>
      to
      <select
        aria-label="Version"
        value=${chosen?.version}
        onChange=${(event: Event) => setNumber(valueOf(event))}
      >
        ${versions.map(({ version }) => html`<option value=${version}>version ${version}</option>`)}
      </select>
    </label>
    <button type="submit" class="plain">Promote …</button>
  </form>`;
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement).value;
}

function Confirmation(props: {
  readonly model: RegisteredModel;
  readonly versions: readonly ModelVersion[];
  readonly change: Change;
  onClose(): void;
  onChanged(): void;
}) {
  const { model, versions, change, onClose, onChanged } = props;
  const { alias, to } = change;
  const [problem, setProblem] = useState<string>();
  const before = model.aliases?.find((one) => one.alias === alias)?.version;
  const confirm = async () => {
    try {
      await (to ? setAlias(model.name, alias, to.version) : deleteAlias(model.name, alias));
      onClose();
      onChanged();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const title = to ? `Point @${alias} to version ${to.version}?` : `Remove @${alias}?`;
  return html`<${Dialog} title=${title} onClose=${onClose}>
    <p>
      Whatever follows <code>models:/${model.name}@${alias}</code>
      ${to ? " will get this version from now on." : " will find nothing any more."}
    </p>
    <table class="pairs">
      <tbody>
        ${versionRow("Now", versions, before)} ${versionRow("Then", versions, to?.version)}
      </tbody>
    </table>
    ${
      gateOf(to?.tags)?.verdict === "failed"
        ? html`<p class="field-problem">The gate refused version ${to?.version}.</p>`
        : null
    }
    ${problem ? html`<p class="field-problem" role="alert">${problem}</p>` : null}
    <div class="actions">
      <button type="button" onClick=${confirm}>${to ? "Promote" : "Remove"}</button>
      <button type="button" class="plain" onClick=${onClose}>Cancel</button>
    </div>
  <//>`;
}

function versionRow(
  when: string,
  versions: readonly ModelVersion[],
  number: string | undefined,
): Content {
  const tags = versions.find(({ version }) => version === number)?.tags;
  const what = html`<span class="pair">
    <b>version ${number}</b>
    <${DigestCode} digest=${tagValue(tags, gateTags.digest)} />
    <span>gate</span>
    <${GateBadge} verdict=${gateOf(tags)?.verdict} />
  </span>`;
  return html`<tr>
    <th scope="row">${when}</th>
    <td>${number === undefined ? "nothing" : what}</td>
  </tr>`;
}
