import { CompareCurves } from "../compare/compare-curves.ts";
import { CompareTable, runName } from "../compare/compare-table.ts";
import { ParallelLayout, ScatterLayout } from "../compare/run-layouts.ts";
import {
  comparedMetrics,
  comparedParams,
  comparedTags,
  type ComparedRow,
} from "../compare/side-by-side.ts";
import { fetchRun, type Run } from "../data/runs.ts";
import { html, type Content } from "../html.ts";
import { useLocation, useQuery } from "../navigation.ts";
import { StatusBadge } from "../parts/badges.ts";
import { PageHead, type Crumb } from "../parts/page-head.ts";
import { Empty, whenFound } from "../parts/states.ts";
import { currentTab, Tabs } from "../parts/tabs.ts";
import { addressOf } from "../route.ts";
import { useData, usePolling } from "../use-data.ts";

/** Runs that can be told apart on one page. */
const mostRuns = 50;
const pollMs = 5000;

const tabs = [
  { id: "curves", label: "Curves" },
  { id: "parallel", label: "Parallel" },
  { id: "scatter", label: "Scatter" },
  { id: "tables", label: "Tables" },
];

/** Runs beside each other: their curves, what they were given and what they reached. */
export function ComparePage() {
  const { query } = useLocation();
  const ids = [...new Set((query.get("runs") ?? "").split(",").filter(Boolean))].slice(0, mostRuns);
  const loaded = useData(ids.join(","), (signal) =>
    Promise.all(ids.map((id) => fetchRun(id, signal))),
  );
  const isRunning = loaded.data?.some(({ info }) => info.status === "RUNNING") ?? false;
  usePolling(isRunning, pollMs, async () => loaded.reload());
  if (ids.length === 0) {
    return html`<${PageHead} title="Compare" />
      <${Empty} title="No runs are chosen.">
        <p>Select runs in an experiment's table, then compare them.</p>
      <//>`;
  }
  return whenFound(
    loaded,
    (runs) =>
      html`<${PageHead} title=${`${runs.length} runs`} crumbs=${crumbsOf(runs)} />
        <${Legend} runs=${runs} />
        <${Tabs} tabs=${tabs} current=${currentTab(tabs, query)} />
        <div role="tabpanel" aria-labelledby=${`tab-${currentTab(tabs, query)}`}>
          ${panel(currentTab(tabs, query), runs)}
        </div>`,
  );
}

function crumbsOf(runs: readonly Run[]): Crumb[] {
  const experiments = new Set(runs.map(({ info }) => info.experiment_id));
  const [only] = experiments;
  const home = { label: "Experiments", href: "/" };
  return experiments.size === 1 && only !== undefined
    ? [home, { label: "Runs", href: addressOf.experiment(only) }]
    : [home];
}

function Legend({ runs }: { readonly runs: readonly Run[] }) {
  const [query, setQuery] = useQuery();
  const remove = (id: string) => {
    const others = (query.get("runs") ?? "").split(",").filter((one) => one !== id);
    setQuery({ runs: others.join(",") });
  };
  return html`<ul class="legend" aria-label="Runs">
    ${runs.map(
      ({ info }, index) =>
        html`<li key=${info.run_id}>
          ${runName(info, index)} <${StatusBadge} status=${info.status} />
          <button
            type="button"
            class="icon quiet"
            aria-label=${`Take ${info.run_name} out`}
            onClick=${() => remove(info.run_id)}
          >
            ✕
          </button>
        </li>`,
    )}
  </ul>`;
}

function panel(tab: string, runs: readonly Run[]): Content {
  if (tab === "curves") {
    const params = comparedParams(runs).filter(({ differs }) => differs);
    return html`<${CompareCurves} runs=${runs} />
      ${params.length > 0 ? tableCard("Parameters that differ", runs, params) : null}
      ${tableCard("Metrics", runs, comparedMetrics(runs), true)}`;
  }
  if (tab === "parallel")
    return html`<section class="card"><${ParallelLayout} runs=${runs} /></section>`;
  if (tab === "scatter")
    return html`<section class="card"><${ScatterLayout} runs=${runs} /></section>`;
  return html`${tableCard("Parameters", runs, comparedParams(runs))}
  ${tableCard("Metrics", runs, comparedMetrics(runs), true)}
  ${tableCard("Tags", runs, comparedTags(runs))}`;
}

function tableCard(
  label: string,
  runs: readonly Run[],
  rows: readonly ComparedRow[],
  numeric = false,
): Content {
  if (rows.length === 0) return null;
  return html`<section class="card">
    <h2>${label}</h2>
    <${CompareTable} label=${label} runs=${runs} rows=${rows} numeric=${numeric} />
  </section>`;
}
