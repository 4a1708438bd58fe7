import { memo } from "../memo.ts";
import type { RunRow } from "../data/runs.ts";
import { formatDuration, formatNumber, shortDigest } from "../format.ts";
import { html, type Content } from "../html.ts";
import { Ago, GateBadge, None, StatusBadge } from "../parts/badges.ts";
import { addressOf } from "../route.ts";
import type { Column, Sorting } from "./columns.ts";

const selectionWidth = 38;

/** The columns' widths for the style sheet: the last one takes what is left. */
export function gridTemplate(columns: readonly Column[]): string {
  const widths = columns.map(({ width }, index) => {
    if (index === columns.length - 1) return `minmax(${width}px, 1fr)`;
    // The name stays while the rest is scrolled: on a phone it leaves room for that.
    return index === 0 ? `min(${width}px, 42vw)` : `${width}px`;
  });
  return [`${selectionWidth}px`, ...widths].join(" ");
}

/** The heads of the columns, which sort. */
export function GridHead(props: {
  readonly columns: readonly Column[];
  readonly sorting: Sorting;
  onSort(column: Column): void;
}) {
  const { columns, sorting, onSort } = props;
  return html`<div class="grid-head" role="row" aria-rowindex="1">
    <span role="columnheader" aria-label="Selected"></span>
    ${columns.map((column) => {
      const isSorted = sorting.column === column.id;
      const direction = sorting.descending ? "descending" : "ascending";
      return html`<span
        key=${column.id}
        role="columnheader"
        class=${column.numeric ? "number" : ""}
        aria-sort=${isSorted ? direction : "none"}
      >
        <button type="button" title=${column.id} onClick=${() => onSort(column)}>
          <span>${column.label}</span>
          <i aria-hidden="true">${isSorted ? (sorting.descending ? "↓" : "↑") : ""}</i>
        </button>
      </span>`;
    })}
  </div>`;
}

interface GridRowProps {
  readonly row: RunRow;
  readonly index: number;
  /** Pixels from the top of the table's body. */
  readonly top: number;
  readonly columns: readonly Column[];
  readonly cellColumns: readonly string[];
  readonly isActive: boolean;
  readonly isSelected: boolean;
  onToggle(index: number, withShift: boolean): void;
}

/** A run in the table. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { row, index, top, columns, cellColumns, isActive, isSelected, onToggle } = props;
  const onCheck = (event: MouseEvent) => onToggle(index, event.shiftKey);
  const state = `${isActive ? " active" : ""}${isSelected ? " selected" : ""}`;
  return html`<div
    class=${`grid-row${state}`}
    id=${`run-${index}`}
    role="row"
    aria-rowindex=${index + 2}
    aria-selected=${isSelected}
    style=${{ transform: `translateY(${top}px)` }}
  >
    <span role="gridcell" class="check">
      <input
        type="checkbox"
        tabindex="-1"
        checked=${isSelected}
        aria-label=${`Select ${row.run_name}`}
        onClick=${onCheck}
      />
    </span>
    ${columns.map(
      (column) =>
        html`<span key=${column.id} role="gridcell" class=${column.numeric ? "number" : ""}
          >${cellOf(row, column, cellColumns)}</span
        >`,
    )}
  </div>`;
});

function cellOf(row: RunRow, { id }: Column, cellColumns: readonly string[]): Content {
  switch (id) {
    case "run_name":
      return html`<a class="main" tabindex="-1" href=${addressOf.run(row.run_id)}
        >${row.run_name}</a
      >`;
    case "status":
      return html`<${StatusBadge} status=${row.status} />`;
    case "start_time":
      return html`<${Ago} time=${row.start_time} />`;
    case "duration":
      return durationOf(row);
    case "user_id":
    case "run_id":
      return row[id] || html`<${None} />`;
    default:
      return valueOf(id, row.cells[cellColumns.indexOf(id)] ?? null);
  }
}

function durationOf({ start_time, end_time, status }: RunRow): Content {
  const end = end_time ?? (status === "RUNNING" ? Date.now() : undefined);
  return end === undefined ? html`<${None} />` : formatDuration(end - start_time);
}

function valueOf(id: string, value: RunRow["cells"][number]): Content {
  if (value === null) return html`<${None} />`;
  if (id === "tags.updraft.gate") return html`<${GateBadge} verdict=${String(value)} />`;
  if (id.startsWith("metrics.")) {
    return html`<span title=${String(value)}>${formatNumber(Number(value))}</span>`;
  }
  const text = String(value);
  return html`<span title=${text}
    >${/^sha256:[0-9a-f]{64}$/.test(text) ? shortDigest(text) : text}</span
  >`;
}
