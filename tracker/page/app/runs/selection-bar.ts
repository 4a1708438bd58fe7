import { useState } from "preact/hooks";
import type { ViewType } from "../data/runs.ts";
import { html } from "../html.ts";

/** What can be done with the selected runs; it is there while there are any. */
export function SelectionBar(props: {
  readonly count: number;
  readonly view: ViewType;
  onCompare(): void;
  onClear(): void;
  onMove(to: "delete" | "restore"): Promise<void>;
}) {
  const { count, view, onCompare, onClear, onMove } = props;
  const [problem, setProblem] = useState<string>();
  if (count === 0) return null;
  const move = async (to: "delete" | "restore") => {
    setProblem(undefined);
    await onMove(to).catch((error: Error) => setProblem(error.message));
  };
  return html`<div class="selection" role="region" aria-label="Selected runs">
    <strong role="status">${count} selected</strong>
    <button type="button" onClick=${onCompare}>
      ${count === 1 ? "Show" : "Compare"} <kbd>c</kbd>
    </button>
    ${
      view === "DELETED_ONLY"
        ? null
        : html`<button type="button" class="plain" onClick=${() => move("delete")}>Delete</button>`
    }
    ${
      view === "ACTIVE_ONLY"
        ? null
        : html`<button type="button" class="plain" onClick=${() => move("restore")}>
            Restore
          </button>`
    }
    <button type="button" class="plain" onClick=${onClear}>Clear</button>
    ${problem ? html`<p class="field-problem" role="alert">${problem}</p>` : null}
  </div>`;
}
