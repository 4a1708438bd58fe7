import { useState } from "preact/hooks";
import type { Pair } from "../data/runs.ts";
import { html } from "../html.ts";

/** Tags with a way to set and to take away each of them. */
export function TagEditor(props: {
  readonly tags: readonly Pair[];
  /** @param value undefined takes the tag away */
  onSet(key: string, value: string | undefined): Promise<void>;
}) {
  const { tags, onSet } = props;
  const [draft, setDraft] = useState<Pair>();
  const [problem, setProblem] = useState<string>();
  const close = () => {
    setDraft(undefined);
    setProblem(undefined);
  };
  const change = (key: string, value: string | undefined) =>
    onSet(key, value).then(close, (error: Error) => setProblem(error.message));
  const save = (event: Event) => {
    event.preventDefault();
    if (draft && draft.key.trim() !== "") void change(draft.key.trim(), draft.value);
  };
  return html`<table class="pairs" aria-label="Tags">
      <tbody>
        ${tags.map(
          (tag) =>
            html`<${TagRow}
              key=${tag.key}
              tag=${tag}
              onEdit=${() => setDraft(tag)}
              onRemove=${() => change(tag.key, undefined)}
            />`,
        )}
      </tbody>
    </table>
    ${
      draft
        ? html`<${TagForm} draft=${draft} onDraft=${setDraft} onSave=${save} onClose=${close} />`
        : html`<button type="button" class="link" onClick=${() => setDraft({ key: "", value: "" })}>
            Add a tag
          </button>`
    }
    ${problem ? html`<p class="field-problem" role="alert">${problem}</p>` : null}`;
}

function TagRow(props: { readonly tag: Pair; onEdit(): void; onRemove(): void }) {
  const { tag, onEdit, onRemove } = props;
  return html`<tr>
    <th scope="row">${tag.key}</th>
    <td><span class="written">${tag.value}</span></td>
    <td class="row-actions">
      <button
        type="button"
        class="icon quiet"
        aria-label=${`Edit the tag ${tag.key}`}
        onClick=${onEdit}
      >
        ✎
      </button>
      <button
        type="button"
        class="icon quiet"
        aria-label=${`Remove the tag ${tag.key}`}
        onClick=${onRemove}
      >
        ✕
      </button>
    </td>
  </tr>`;
}

function TagForm(props: {
  readonly draft: Pair;
  onDraft(draft: Pair): void;
  onSave(event: Event): void;
  onClose(): void;
}) {
  const { draft, onDraft, onSave, onClose } = props;
  const field = (name: keyof Pair, label: string) =>
    html`<input
      aria-label=${label}
      placeholder=${name === "key" ? "name" : "value"}
      value=${draft[name]}
      onInput=${(event: InputEvent) =>
        onDraft({ ...draft, [name]: (event.target as HTMLInputElement).value })}
    />`;
  return html`<form class="tag-form" onSubmit=${onSave}>
    ${field("key", "Name of the tag")} ${field("value", "Value of the tag")}
    <button type="submit">Save</button>
    <button type="button" class="plain" onClick=${onClose}>Cancel</button>
  </form>`;
}
