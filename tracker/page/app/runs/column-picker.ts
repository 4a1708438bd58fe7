import { useState } from "preact/hooks";
import { html, type Content } from "../html.ts";
import { Dialog } from "../parts/dialog.ts";
import { attributeColumns } from "./columns.ts";

/** Which columns the table shows, chosen from all that its runs have. */
export function ColumnPicker(props: {
  readonly chosen: readonly string[];
  /** Columns that runs have, and how many of them. */
  readonly counts: Readonly<Record<string, number>>;
  onChoose(ids: readonly string[] | undefined): void;
}) {
  const { chosen, counts, onChoose } = props;
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const groups = columnGroups(Object.keys(counts), text);
  const toggle = (id: string) =>
    onChoose(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return html`<button type="button" class="plain" onClick=${() => setOpen(true)}>Columns</button> ${
      isOpen
        ? html`<${Dialog} title="Columns" onClose=${() => setOpen(false)}>
            <div class="picker-head">
              <input
                type="search"
                placeholder="Find a column"
                aria-label="Find a column"
                value=${text}
                onInput=${(event: InputEvent) => setText((event.target as HTMLInputElement).value)}
              />
              <button type="button" class="plain" onClick=${() => onChoose(undefined)}>
                Reset
              </button>
            </div>
            <div class="picker">${groups.map((group) => checkboxes(group, chosen, toggle))}</div>
          <//>`
        : null
    }`;
}

/** Columns of one kind. */
export interface ColumnGroup {
  readonly title: string;
  readonly columns: readonly { readonly id: string; readonly label: string }[];
}

/** The columns that can be chosen, by kind, those whose name has the text in it. */
export function columnGroups(ids: readonly string[], text: string): ColumnGroup[] {
  const wanted = text.trim().toLowerCase();
  const attributes = attributeColumns.filter(({ id }) => id !== "run_name");
  const groups = [
    { title: "Run", columns: attributes.map(({ id, label }) => ({ id, label })) },
    ...["metrics", "params", "tags"].map((kind) => ({
      title: `${kind[0]?.toUpperCase()}${kind.slice(1)}`,
      columns: ids
        .filter((id) => id.startsWith(`${kind}.`))
        .map((id) => ({ id, label: id.slice(kind.length + 1) }))
        .toSorted((a, b) => (a.label < b.label ? -1 : 1)),
    })),
  ];
  return groups
    .map(({ title, columns }) => ({
      title,
      columns: columns.filter(({ label }) => label.toLowerCase().includes(wanted)),
    }))
    .filter(({ columns }) => columns.length > 0);
}

function checkboxes(
  { title, columns }: ColumnGroup,
  chosen: readonly string[],
  toggle: (id: string) => void,
): Content {
  return html`<fieldset key=${title}>
    <legend>${title}</legend>
    ${columns.map(
      ({ id, label }) =>
        html`<label key=${id}>
          <input type="checkbox" checked=${chosen.includes(id)} onChange=${() => toggle(id)} />
          <span>${label}</span>
        </label>`,
    )}
  </fieldset>`;
}
