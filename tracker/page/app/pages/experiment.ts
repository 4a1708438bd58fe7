import { useMemo, useState } from "preact/hooks";
import { CallError } from "../call.ts";
import { fetchExperiment, renameExperiment, setExperimentTag } from "../data/experiments.ts";
import { moveRun, tagValue, type RunRow, type ViewType } from "../data/runs.ts";
import { html, type Content } from "../html.ts";
import { navigate, useQuery } from "../navigation.ts";
import { EditableTitle } from "../parts/editable-title.ts";
import { Notes } from "../parts/notes.ts";
import { PageHead } from "../parts/page-head.ts";
import { Empty, Problem, Waiting, whenFound } from "../parts/states.ts";
import { addressOf } from "../route.ts";
import { ColumnPicker } from "../runs/column-picker.ts";
import {
  askedIds,
  columnsOf,
  formatColumns,
  formatSorting,
  nextSorting,
  orderBy,
  parseColumns,
  parseSorting,
  suggestedIds,
  type Column,
  type Sorting,
} from "../runs/columns.ts";
import { FilterField } from "../runs/filter-field.ts";
import { filterFrom } from "../runs/filter.ts";
import { RunGrid } from "../runs/run-grid.ts";
import { SelectionBar } from "../runs/selection-bar.ts";
import { useRuns, type RunList } from "../runs/use-runs.ts";
import { useData } from "../use-data.ts";

const noteTag = "mlflow.note.content";

/** An experiment with all its runs. */
export function ExperimentPage({ id }: { readonly id: string }) {
  const loaded = useData(`experiment ${id}`, (signal) => fetchExperiment(id, signal));
  return whenFound(loaded, (experiment) => {
    const { name, tags } = experiment;
    const rename = (to: string) => renameExperiment(id, to).then(loaded.reload);
    return html`<${PageHead}
        title=${name}
        heading=${html`<${EditableTitle} text=${name} what="experiment" onSave=${rename} />`}
        crumbs=${[{ label: "Experiments", href: "/" }]}
      />
      <${Notes}
        text=${tagValue(tags, noteTag) ?? ""}
        onSave=${(text: string) => setExperimentTag(id, noteTag, text).then(loaded.reload)}
      />
      <${Runs} experimentId=${id} />`;
  });
}

const views: readonly { readonly id: ViewType; readonly label: string }[] = [
  { id: "ACTIVE_ONLY", label: "Active" },
  { id: "DELETED_ONLY", label: "Deleted" },
  { id: "ALL", label: "All" },
];

function Runs({ experimentId }: { readonly experimentId: string }) {
  const [, setQuery] = useQuery();
  const { text, sorting, view, list, ids, loadMore, reload } = useTable(experimentId);
  const { selected, setSelected, compare, moveSelected } = useSelection(reload);
  const columns = useMemo(() => columnsOf(ids), [ids.join("\n")]);
  const rows = useMemo(() => sortedHere(list.rows, sorting), [list.rows, formatSorting(sorting)]);
  const refusal = list.error instanceof CallError && list.error.status === 400 && text !== "";
  return html`<div class="toolbar">
      <${FilterField}
        applied=${text}
        problem=${refusal ? list.error?.message : undefined}
        onApply=${(filter: string) => setQuery({ filter })}
      />
      <${ViewSwitch} view=${view} onChange=${(next: string) => setQuery({ view: next })} />
      <${ColumnPicker}
        chosen=${ids}
        counts=${list.columnCounts}
        onChoose=${(next: readonly string[] | undefined) =>
          setQuery({ columns: next && formatColumns(next) })}
      />
      ${countOf(list, loadMore)}
    </div>
    ${list.error && !refusal ? html`<${Problem} error=${list.error} retry=${reload} />` : null}
    ${
      rows.length > 0
        ? html`<${RunGrid}
            rows=${rows}
            columns=${columns}
            cellColumns=${list.columns}
            sorting=${sorting}
            selected=${selected}
            isLoading=${list.isLoading}
            onSort=${(column: Column) => setQuery({ sort: formatSorting(nextSorting(sorting, column)) })}
            onSelect=${setSelected}
            onCompare=${compare}
          />`
        : emptyTable(list, text !== "" || view !== "ACTIVE_ONLY")
    }
    <${SelectionBar}
      count=${selected.size}
      view=${view}
      onCompare=${compare}
      onClear=${() => setSelected(new Set())}
      onMove=${moveSelected}
    />`;
}

/** The runs that the address asks for, in the columns that it names. */
function useTable(experimentId: string) {
  const [query] = useQuery();
  const text = query.get("filter") ?? "";
  const sorting = parseSorting(query.get("sort"));
  const view = views.find(({ id }) => id === query.get("view"))?.id ?? "ACTIVE_ONLY";
  const chosen = parseColumns(query.get("columns"));
  const runs = useRuns({
    experiment_ids: [experimentId],
    filter: filterFrom(text),
    run_view_type: view,
    order_by: orderBy(sorting),
    columns: chosen && askedIds(chosen),
  });
  const ids = chosen ?? suggestedIds(runs.list.columns);
  return { text, sorting, view, ids, ...runs };
}

function useSelection(reload: () => void) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const compare = () => {
    if (selected.size > 0) navigate(addressOf.compare([...selected]));
  };
  const moveSelected = async (to: "delete" | "restore") => {
    for (const runId of selected) await moveRun(runId, to);
    setSelected(new Set());
    reload();
  };
  return { selected, setSelected, compare, moveSelected };
}

function ViewSwitch(props: { readonly view: ViewType; onChange(view: string): void }) {
  const onChange = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    props.onChange(value === "ACTIVE_ONLY" ? "" : value);
  };
  return html`<select aria-label="Which runs" value=${props.view} onChange=${onChange}>
    ${views.map(({ id, label }) => html`<option value=${id}>${label}</option>`)}
  </select>`;
}

function countOf({ rows, isLoading, hasMore }: RunList, loadMore: () => void): Content {
  const count = rows.length.toLocaleString("en-US");
  const text =
    isLoading && rows.length === 0 ? "" : `${count}${isLoading || hasMore ? "+" : ""} runs`;
  return html`<span class="count" role="status">${text}</span>
    ${hasMore ? html`<button type="button" class="plain" onClick=${loadMore}>More</button>` : null}`;
}

function emptyTable({ isLoading, error }: RunList, isFiltered: boolean): Content {
  if (error) return null;
  if (isLoading) return html`<${Waiting} lines=${10} />`;
  return isFiltered
    ? html`<${Empty} title="No run matches." />`
    : html`<${Empty} title="No runs yet.">
        <p>A run appears here when a client starts one in this experiment.</p>
      <//>`;
}

/** MLflow cannot sort by how long a run took: that is done here. */
function sortedHere(rows: readonly RunRow[], { column, descending }: Sorting): readonly RunRow[] {
  if (column !== "duration") return rows;
  return rows.toSorted((a, b) => (took(a) - took(b)) * (descending ? -1 : 1));
}

function took({ start_time, end_time }: RunRow): number {
  return (end_time ?? Date.now()) - start_time;
}
