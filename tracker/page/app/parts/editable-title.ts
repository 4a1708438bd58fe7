import { useState } from "preact/hooks";
import { html } from "../html.ts";

/** A name that can be changed in its place: Enter saves, Esc leaves it. */
export function EditableTitle(props: {
  readonly text: string;
  /** What is called so, such as `run`. */
  readonly what: string;
  onSave(text: string): Promise<void>;
}) {
  const { text, what, onSave } = props;
  const [draft, setDraft] = useState<string>();
  const [problem, setProblem] = useState<string>();
  if (draft === undefined) {
    return html`<span>${text}</span>
      <button
        type="button"
        class="icon quiet"
        title=${`Rename the ${what}`}
        aria-label=${`Rename the ${what}`}
        onClick=${() => setDraft(text)}
      >
        ✎
      </button>`;
  }
  const close = () => {
    setDraft(undefined);
    setProblem(undefined);
  };
  const save = async (event: Event) => {
    event.preventDefault();
    const name = draft.trim();
    if (name === "" || name === text) return close();
    await onSave(name).then(close, (error: Error) => setProblem(error.message));
  };
  return html`<form class="rename" onSubmit=${save}>
    <input
      autofocus
      ref=${(field: HTMLInputElement | null) => field?.focus()}
      aria-label=${`Name of the ${what}`}
      value=${draft}
      onInput=${(event: InputEvent) => setDraft((event.target as HTMLInputElement).value)}
      onKeyDown=${(event: KeyboardEvent) => event.key === "Escape" && close()}
    />
    <button type="submit">Save</button>
    <button type="button" class="plain" onClick=${close}>Cancel</button>
    ${problem ? html`<p class="field-problem" role="alert">${problem}</p>` : null}
  </form>`;
}
