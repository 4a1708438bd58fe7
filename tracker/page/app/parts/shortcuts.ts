import { useEffect, useState } from "preact/hooks";
import { html } from "../html.ts";
import { Dialog } from "./dialog.ts";

const keys: readonly (readonly [string, string])[] = [
  ["/", "to the filter"],
  ["Esc", "out of the filter, out of a dialog"],
  ["↑ ↓ PgUp PgDn Home End", "through a table"],
  ["Space", "select the run (with Shift: all from the last one)"],
  ["Enter", "open the run"],
  ["c", "compare the selected runs"],
  ["?", "this help"],
];

/** Keys that work on every page: `/` to the filter, `?` for help. */
export function Shortcuts() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      if (event.key === "?") setOpen(true);
      if (event.key !== "/") return;
      const field = document.querySelector<HTMLInputElement>("[data-filter]");
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.select();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  if (!isOpen) return null;
  return html`<${Dialog} title="Keys" onClose=${() => setOpen(false)}>
    <dl class="keys">
      ${keys.map(
        ([key, does]) =>
          html`<dt><kbd>${key}</kbd></dt>
            <dd>${does}</dd>`,
      )}
    </dl>
  <//>`;
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input, textarea, select, [contenteditable]");
}
