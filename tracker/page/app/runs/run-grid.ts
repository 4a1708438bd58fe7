import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RunRow } from "../data/runs.ts";
import { html } from "../html.ts";
import { navigate } from "../navigation.ts";
import { addressOf } from "../route.ts";
import { gridTemplate, GridHead, GridRow } from "./grid-row.ts";
import type { Column, Sorting } from "./columns.ts";
import { rowAfterKey, rowsInView, scrolledTo, selectionAfter } from "./rows-in-view.ts";

/** What the table of runs shows and what it tells. */
export interface RunGridProps {
  readonly rows: readonly RunRow[];
  readonly columns: readonly Column[];
  /** Columns of the rows' cells. */
  readonly cellColumns: readonly string[];
  readonly sorting: Sorting;
  readonly selected: ReadonlySet<string>;
  readonly isLoading: boolean;
  onSort(column: Column): void;
  onSelect(selected: Set<string>): void;
  onCompare(): void;
}

/** Thousands of runs of which only those in view are drawn. */
export function RunGrid(props: RunGridProps) {
  const { rows, columns, cellColumns, selected, sorting, onSort } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const view = useScrolling(scroller);
  const [active, setActive] = useState(0);
  const current = Math.min(active, rows.length - 1);
  const { first, end } = rowsInView(view, rows.length);
  const onKeyDown = useKeys(props, { scroller, view, current, setActive });
  const toggle = useToggling(props, setActive);
  return html`<div
    class="grid"
    ref=${scroller}
    role="grid"
    tabindex="0"
    aria-label="Runs"
    aria-rowcount=${rows.length + 1}
    aria-colcount=${columns.length + 1}
    aria-multiselectable="true"
    aria-busy=${props.isLoading}
    aria-activedescendant=${current >= first && current < end ? `run-${current}` : undefined}
    onKeyDown=${onKeyDown}
    style=${{ "--columns": gridTemplate(columns) }}
  >
    <${GridHead} columns=${columns} sorting=${sorting} onSort=${onSort} />
    <div class="grid-body" role="rowgroup" style=${{ height: `${rows.length * view.rowHeight}px` }}>
      ${rows.slice(first, end).map((row, offset) => {
        const index = first + offset;
        return html`<${GridRow}
          key=${row.run_id}
          row=${row}
          index=${index}
          top=${index * view.rowHeight}
          columns=${columns}
          cellColumns=${cellColumns}
          isActive=${index === current}
          isSelected=${selected.has(row.run_id)}
          onToggle=${toggle}
        />`;
      })}
    </div>
  </div>`;
}

/** Selecting with the mouse; with Shift all from the last one. The function stays the same one. */
function useToggling(props: RunGridProps, setActive: (index: number) => void) {
  const anchor = useRef(0);
  const latest = useRef(props);
  latest.current = props;
  return useCallback((index: number, withShift: boolean) => {
    const { selected, rows, onSelect } = latest.current;
    const ids = rows.map(({ run_id }) => run_id);
    onSelect(
      selectionAfter(selected, ids, { index, from: withShift ? anchor.current : undefined }),
    );
    anchor.current = index;
    setActive(index);
  }, []);
}

interface View {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
}

/** How far the table is scrolled, once for each frame at most. */
function useScrolling(scroller: { readonly current: HTMLDivElement | null }): View {
  const [view, setView] = useState<View>({ scrollTop: 0, height: 800, rowHeight: 36 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let frame = 0;
    const update = () => {
      frame = 0;
      const rowHeight = Number.parseFloat(getComputedStyle(element).getPropertyValue("--row"));
      const head = element.querySelector<HTMLElement>(".grid-head")?.offsetHeight ?? 0;
      const height = element.clientHeight - head;
      setView({ scrollTop: element.scrollTop, height, rowHeight: rowHeight || 36 });
    };
    const later = () => {
      frame ||= requestAnimationFrame(update);
    };
    update();
    element.addEventListener("scroll", later, { passive: true });
    const observer = new ResizeObserver(later);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", later);
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, []);
  return view;
}

function useKeys(
  props: RunGridProps,
  at: {
    readonly scroller: { readonly current: HTMLDivElement | null };
    readonly view: View;
    readonly current: number;
    setActive(index: number): void;
  },
): (event: KeyboardEvent) => void {
  const anchor = useRef<number | undefined>(undefined);
  const ids = props.rows.map(({ run_id }) => run_id);
  useEffect(() => {
    anchor.current = undefined;
  }, [props.rows.length]);
  return (event) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || event.target !== at.scroller.current) return;
    const page = Math.max(Math.floor(at.view.height / at.view.rowHeight) - 1, 1);
    const next = rowAfterKey(key, at.current, { count: ids.length, page });
    const id = ids[at.current];
    if (next !== undefined) {
      at.setActive(next);
      at.scroller.current?.scrollTo({ top: scrolledTo(next, at.view) });
    } else if (key === " ") {
      const from = shiftKey ? anchor.current : undefined;
      props.onSelect(selectionAfter(props.selected, ids, { index: at.current, from }));
      anchor.current = at.current;
    } else if (key === "Enter" && id !== undefined) navigate(addressOf.run(id));
    else if (key === "c") props.onCompare();
    else return;
    event.preventDefault();
  };
}
