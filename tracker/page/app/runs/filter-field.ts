import { useEffect, useState } from "preact/hooks";
import { html } from "../html.ts";
import { exampleFilters } from "./filter.ts";

/** The field for a filter in MLflow's words. Enter applies it, Esc takes back what was typed. */
export function FilterField(props: {
  readonly applied: string;
  /** Why the tracker did not take the filter. */
  readonly problem?: string | undefined;
  onApply(text: string): void;
}) {
  const { applied, problem, onApply } = props;
  const [text, setText] = useState(applied);
  useEffect(() => setText(applied), [applied]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    setText(applied);
    (event.target as HTMLElement).blur();
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    onApply(text.trim());
  };
  return html`<form class="filter" role="search" onSubmit=${onSubmit}>
    <input
      data-filter
      class="code"
      type="text"
      spellcheck=${false}
      autocomplete="off"
      autocapitalize="off"
      list="filter-examples"
      placeholder="Filter: metrics.accuracy > 0.98"
      aria-label="Filter the runs"
      aria-invalid=${problem ? "true" : undefined}
      aria-describedby=${problem ? "filter-problem" : undefined}
      value=${text}
      onInput=${(event: InputEvent) => setText((event.target as HTMLInputElement).value)}
      onKeyDown=${onKeyDown}
    />
    ${examples}
    ${
      applied || text
        ? html`<button
            type="button"
            class="icon"
            aria-label="Clear the filter"
            onClick=${() => (setText(""), onApply(""))}
          >
            ✕
          </button>`
        : html`<kbd aria-hidden="true">/</kbd>`
    }
    ${problem ? html`<p id="filter-problem" class="field-problem" role="alert">${problem}</p>` : null}
  </form>`;
}

const examples = html`<datalist id="filter-examples">
  ${exampleFilters.map((example) => html`<option value=${example}></option>`)}
</datalist>`;
