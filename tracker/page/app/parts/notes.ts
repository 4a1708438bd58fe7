import { useState } from "preact/hooks";
import { html } from "../html.ts";

/** What people wrote about something; they can write more. Markdown stays the text that it is. */
export function Notes(props: { readonly text: string; onSave(text: string): Promise<void> }) {
  const { text, onSave } = props;
  const [draft, setDraft] = useState<string>();
  const [problem, setProblem] = useState<string>();
  if (draft === undefined) {
    const open = () => setDraft(text);
    return text
      ? html`<div class="notes">
          <p class="written">${text}</p>
          <button type="button" class="icon quiet" aria-label="Edit the notes" onClick=${open}>
            ✎
          </button>
        </div>`
      : html`<p class="notes">
          <button type="button" class="link" onClick=${open}>Add notes</button>
        </p>`;
  }
  const close = () => {
    setDraft(undefined);
    setProblem(undefined);
  };
  const save = async (event: Event) => {
    event.preventDefault();
    await onSave(draft).then(close, (error: Error) => setProblem(error.message));
  };
  return html`<form class="notes" onSubmit=${save}>
    <textarea
      ref=${(field: HTMLTextAreaElement | null) => field?.focus()}
      rows="4"
      aria-label="Notes, in Markdown"
      value=${draft}
      onInput=${(event: InputEvent) => setDraft((event.target as HTMLTextAreaElement).value)}
      onKeyDown=${(event: KeyboardEvent) => event.key === "Escape" && close()}
    ></textarea>
    <div class="actions">
      <button type="submit">Save</button>
      <button type="button" class="plain" onClick=${close}>Cancel</button>
    </div>
    ${problem ? html`<p class="field-problem" role="alert">${problem}</p>` : null}
  </form>`;
}
